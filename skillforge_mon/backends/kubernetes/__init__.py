"""Kubernetes: objects that run everything that the spec is compiled for, for kustomize."""
