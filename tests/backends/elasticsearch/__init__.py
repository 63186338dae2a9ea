"""The backend of Elasticsearch and Kibana."""
