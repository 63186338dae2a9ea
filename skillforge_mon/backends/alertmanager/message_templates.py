"""How a notification reads: the template file that every receiver draws on.

Written with functions that Alertmanager 0.25 has. In a file of their own, because `amtool check-config` reads template
files, and does not look into the templates of receivers.
"""

from __future__ import annotations

FILE = "monmc.tmpl"

TITLE = '{{ template "monmc.title" . }}'
TEXT = '{{ template "monmc.text" . }}'
COLOUR = '{{ template "monmc.colour" . }}'
PAGERDUTY_SEVERITY = '{{ template "monmc.pagerduty.severity" . }}'
OPSGENIE_PRIORITY = '{{ template "monmc.opsgenie.priority" . }}'
RUNBOOK = '{{ template "monmc.runbook" . }}'
"""A whole address, or nothing: PagerDuty takes no other, and Alertmanager leaves out a link that is empty."""

TEXT_OF_FILE = """\
{{ define "monmc.title" -}}
[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}]
{{- if .CommonLabels.alertname }} {{ .CommonLabels.alertname }}{{ else }} {{ .Alerts | len }} alerts{{ end }}
{{- if .CommonAnnotations.summary }}: {{ .CommonAnnotations.summary }}
{{- else if .CommonLabels.service }} of {{ .CommonLabels.service }}{{ end }}
{{- if .CommonLabels.level }}{{ if ne .CommonLabels.level "1" }} (level {{ .CommonLabels.level }}){{ end }}{{ end }}
{{- end }}

{{ define "monmc.text" -}}
{{- range $index, $alert := .Alerts }}{{ if lt $index 10 }}
{{- if eq .Status "resolved" }}Over: {{ end }}
{{- if .Annotations.summary }}{{ .Annotations.summary }}{{ else }}{{ .Labels.alertname }}{{ end }}
{{ with .Annotations.description }}{{ . }}
{{ end }}{{ with .Annotations.runbook_url }}Runbook: {{ . }}
{{ end }}{{ with .Annotations.dashboard_url }}Dashboard: {{ . }}
{{ end }}{{ with .Annotations.logs_url }}Logs: {{ . }}
{{ end }}{{ with .Annotations.traces_url }}Traces: {{ . }}
{{ end }}{{ end }}{{ end }}
{{- if gt (len .Alerts) 10 }}and others, {{ len .Alerts }} in all
{{ end }}
{{- end }}

{{ define "monmc.runbook" -}}
{{ with .CommonAnnotations.runbook_url }}{{ if match "^https?://" . }}{{ . }}{{ end }}{{ end }}
{{- end }}

{{ define "monmc.colour" -}}
{{ if ne .Status "firing" }}good{{ else if eq .CommonLabels.severity "critical" }}danger{{ else }}warning{{ end }}
{{- end }}

{{ define "monmc.pagerduty.severity" -}}
{{ if eq .CommonLabels.severity "critical" "warning" "info" }}{{ .CommonLabels.severity }}{{ else }}error{{ end }}
{{- end }}

{{ define "monmc.opsgenie.priority" -}}
{{ if eq .CommonLabels.priority "P1" "P2" "P3" "P4" "P5" }}{{ .CommonLabels.priority }}{{ else }}P3{{ end }}
{{- end }}
"""
