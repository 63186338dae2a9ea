"""Objects of prometheus-operator: the files of Prometheus and Alertmanager, said in its custom resources.

Made from the very files that the other backends wrote, so that both ways mean the same.
"""
