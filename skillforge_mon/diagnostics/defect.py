"""What is raised when monmc contradicts itself: never the fault of a spec."""


class DefectError(Exception):
    """A defect in monmc. The command line reports it with a code of MON9xxx and ends with exit code 70."""
