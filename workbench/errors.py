"""What can go wrong, grouped by who must act; a message says what happened and what to do."""


class WorkbenchError(Exception):
    """Base of every error that a user may see: the message is written for them."""


# --- The data must change: import, correct or complete a file -----------------------------------


class DataError(WorkbenchError):
    """The label's data cannot answer."""


class MissingTable(DataError):
    """A table that the question needs has no rows.

    Parameters
    ----------
    table : the missing table.
    message : what is missing and which file holds it.
    """

    def __init__(self, table: str, message: str) -> None:
        super().__init__(message)
        self.table = table


class BadInput(DataError):
    """A file or a parameter that a person gave cannot be taken as it is."""


class DamagedFile(DataError):
    """A stored file no longer holds the bytes that were written."""


class NotEnoughEvidence(DataError):
    """There are rows, but too few to say anything that would hold."""


# --- A job must run first ------------------------------------------------------------------------


class NotMade(WorkbenchError):
    """An artifact that the question needs has not been made for this version of the data.

    Parameters
    ----------
    artifact : name of the artifact, as `python -m workbench make` takes it.
    """

    def __init__(self, artifact: str) -> None:
        super().__init__(
            f"“{artifact}” has not been made for this version of the data. "
            f"Press “Make it now”, or run: python -m workbench make {artifact}"
        )
        self.artifact = artifact


# --- The installation must change ----------------------------------------------------------------


class SetUpError(WorkbenchError):
    """A package, a model or a folder is missing or not readable on this machine."""


class Busy(WorkbenchError):
    """Another process holds the lock that a write needs."""


class Superseded(WorkbenchError):
    """A job's result was thrown away, as the data that it read may no longer be kept."""


# --- The code must change ------------------------------------------------------------------------


class UsageError(WorkbenchError):
    """A function of the workbench was called in a way that its contract forbids."""


class UndeclaredRead(UsageError):
    """An analysis touched a table that its `reads` does not name."""


class ReadOnly(UsageError):
    """A write was tried on the sample label or on a handle that only reads."""


class PrivateRows(UsageError):
    """Rows of single listeners were asked for outside an analysis."""
