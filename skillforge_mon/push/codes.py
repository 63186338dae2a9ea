"""MON60xx: what can keep a push, or a comparison with what is live, from going on."""

from __future__ import annotations

from typing import Final

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_LIVE = "it is about what lives on a server, which a spec cannot show"
_RUN = "it is about how a command was run, which a spec cannot show"

SYSTEM_FAILED: Final = Code(
    "MON6010",
    "system-cannot-be-read",
    Severity.ERROR,
    "A monitoring system did not answer, or refused to say what lives on it.",
    "What would change there cannot be known; the other systems are compared and pushed all the same.",
    untestable=_LIVE,
)
SECRET_MISSING: Final = Code(
    "MON6011",
    "secret-missing",
    Severity.ERROR,
    "A secret or a credential that is needed to reach a system cannot be had.",
    "Nothing can be read from that system, and nothing can be sent to it.",
    untestable=_RUN,
)
REFERENCE_CYCLE: Final = Code(
    "MON6012",
    "reference-cycle",
    Severity.ERROR,
    "Objects of one system refer to each other in a circle.",
    "None of them can be made first, because each needs the identifier of another.",
    untestable="no spec compiles to such objects",
)
UNKNOWN_REFERENCE: Final = Code(
    "MON6013",
    "reference-not-on-server",
    Severity.ERROR,
    "An object refers to something that is neither in the spec nor on the server.",
    "The server would refuse the object, or it would notify nobody.",
    untestable=_LIVE,
)
COPY: Final = Code(
    "MON6014",
    "copy-of-an-object",
    Severity.WARNING,
    "Several live objects carry the marker of the same object of the spec, usually because one was copied in a web page.",
    "A copy goes on watching, and calls people twice; it stays as it is unless `--prune` deletes it.",
    untestable=_LIVE,
)
NOT_ADOPTABLE: Final = Code(
    "MON6015",
    "object-cannot-be-adopted",
    Severity.ERROR,
    "The live object that the spec wants to adopt is not there, or somebody else's.",
    "To adopt an object that another project manages would make two projects change it in turn.",
    untestable=_LIVE,
)
TREE_STALE: Final = Code(
    "MON6016",
    "output-not-built",
    Severity.ERROR,
    "The output folder is not what the spec compiles to now.",
    "What is pushed must be what was built, reviewed and committed.",
    untestable=_RUN,
)
TREE_EDITED: Final = Code(
    "MON6017",
    "output-edited",
    Severity.ERROR,
    "A file of the output folder is not what its manifest says.",
    "Somebody edited it, or a merge went wrong; to push the spec would silently undo what they meant.",
    untestable=_RUN,
)
PLAN_UNREADABLE: Final = Code(
    "MON6018",
    "plan-file-unreadable",
    Severity.ERROR,
    "The plan file cannot be read, or another version of monmc wrote it.",
    "Only a plan that is wholly understood can be carried out as it was reviewed.",
    untestable=_RUN,
)
PLAN_SPEC_CHANGED: Final = Code(
    "MON6019",
    "spec-changed-since-plan",
    Severity.ERROR,
    "The spec has changed since the plan was made.",
    "What was reviewed is no longer what would be pushed.",
    untestable=_RUN,
)
PLAN_TREE_CHANGED: Final = Code(
    "MON6020",
    "output-changed-since-plan",
    Severity.ERROR,
    "The output folder has changed since the plan was made.",
    "What was reviewed is no longer what would be pushed.",
    untestable=_RUN,
)
PLAN_LIVE_CHANGED: Final = Code(
    "MON6021",
    "live-object-changed-since-plan",
    Severity.ERROR,
    "A live object that the plan changes is no longer what it was when the plan was made.",
    "To carry out the plan would overwrite something that nobody has reviewed.",
    untestable=_LIVE,
)
PLAN_NEW_WORK: Final = Code(
    "MON6022",
    "more-to-do-than-planned",
    Severity.ERROR,
    "There is something to do by now that the plan does not have.",
    "A plan is carried out exactly as it was reviewed, or not at all.",
    untestable=_LIVE,
)
NOT_CONFIRMED: Final = Code(
    "MON6023",
    "push-not-confirmed",
    Severity.ERROR,
    "`monmc push` has nobody to ask whether to go on, and `--yes` is missing.",
    "In a pipeline nobody answers; there the reviewed plan or `--yes` is the consent.",
    untestable=_RUN,
)
TOO_MANY_DELETIONS: Final = Code(
    "MON6024",
    "too-many-deletions",
    Severity.ERROR,
    "`--prune` would delete more than 10 objects, or more than a fifth of those that are ours.",
    "A spec that was moved or cut short would take all monitoring with it.",
    untestable=_LIVE,
)
PUSH_GOES_ON: Final = Code(
    "MON6025",
    "another-push-goes-on",
    Severity.ERROR,
    "Another monmc is pushing the same project and environment from this folder.",
    "Two pushes at once would create objects twice.",
    untestable=_RUN,
)
STATE_UNUSABLE: Final = Code(
    "MON6026",
    "state-folder-unusable",
    Severity.ERROR,
    "The state folder cannot be written or read.",
    "Before anything is overwritten its last body is kept there; without it nothing is pushed.",
    untestable=_RUN,
)
NOTHING_TO_REACH: Final = Code(
    "MON6027",
    "no-system-to-reach",
    Severity.ERROR,
    "None of the project's targets has an API or a server that monmc can reach.",
    "There is nothing to compare with and nowhere to push to.",
    untestable="it is about a command that needs a server",
)
NO_ADDRESS: Final = Code(
    "MON6029",
    "system-without-address",
    Severity.NOTE,
    "The spec does not say where a system of its targets is reached.",
    "What lives there is neither compared nor changed; its files still have to be delivered.",
    untestable=_RUN,
)
ADOPTED_OTHERWISE: Final = Code(
    "MON6028",
    "adopt-names-another-object",
    Severity.WARNING,
    "The spec wants to adopt one live object, while another one is this object of the spec already.",
    "The one that `adopt` names stays as it is; with `adopt` gone, the spec says what is the case.",
    untestable=_LIVE,
)
