"""The stacks of JAC and ToolboxAI, brought up from packages: each configured alert is seen to fire, arrive and clear.

What runs is real: Prometheus and Alertmanager, one pair for each platform, over what ``monmc build`` makes of the
committed spec; blackbox_exporter; Pushgateway; node_exporter for two hosts; PostgreSQL with a replica, Redis with a
replica, and an exporter for each of the four; Nginx's exporter. What no package brings, or cannot be broken as it should,
is played by the test: the platforms' applications (``shops``, whose counters grow as they are told to, without requests),
the pages of Nginx, cAdvisor, kube-state-metrics and the OpenTelemetry Collector, OpenAI, Slack, PagerDuty and a mail
server, to which mails go without TLS.

What is altered, and nothing else:

- An environment laid over the spec gives the addresses on loopback, as a team's own environment would. The test holds
  the rule files of that build to be the committed ones, to the line, but for links, which are named after it.
- Every duration is divided by FACTOR: ``for``, ranges, offsets, steps, waits, intervals. Numbers in expressions stay:
  what a second brings is as much as before, and what lasts an hour lasts a minute. Scrapes and evaluations come
  no more often than each 1.5 seconds. Prometheus is started with ``Servers``'s flags, and not with prometheus.flags.
- PostgreSQL's clock is set ahead (libfaketime) when a transaction, or what a replica replays, should be old.
- Kubernetes's discovery is a file with the labels that Kubernetes would give; the emitted relabelling reads it.
- What was before is written into Prometheus's storage by promtool: a day (24 minutes) and a week before, the platforms
  were well; some of a day's budget was spent nearly a day ago; one alert has waited for a day already.
- What comes every night at an hour (JAC's maintenance) comes half a day from now: hours cannot be quickened.
- node_exporter reads /proc from a folder that the test writes. File systems and the clock, which it would ask the
  kernel for, come from its textfile collector.

Rooms: ``platforms`` builds and quickens, ``history`` fills the storage, ``people`` are told, ``hosts``, ``postgres``,
``redis``, ``proxy``, ``pushes``, ``web`` and ``shops`` run and break, ``world`` brings all of it up, ``play`` plays faults
at once, and ``faults`` collects what each of them provokes from the rooms ``*_faults``.
"""
