"""What the listeners leave out: choosing it, and what it takes out of the statistics."""

from typing import Any

from msgspec import Struct

from longplay import choosing
from longplay.choices.shape import Choices, Exclude, hours_in, place, spelled
from longplay.stages import Stages
from longplay.warehouse import excluded
from longplay.warehouse.excluded import Meant, Taken


class Excluding(Struct, frozen=True):
    """The choices in a home, beside the plays they are about."""

    stages: Stages

    def choices(self) -> Choices:
        """Tell what the listeners choose; raises `ChoicesError` where the file cannot be understood."""
        with self.stages.alone():
            return choosing.read_file(self.stages.home.choices, self.stages.lake)[1]

    def exclude(self, exclusion: Exclude, listener: str | None) -> bool:
        """Choose to leave something out, for a listener or for everybody, and say whether that is new."""
        with self.stages.alone():
            return choosing.add(self.stages.home.choices, self.stages.lake, exclusion, listener)

    def take_back(self, exclusion: Exclude | None, listener: str | None) -> Exclude | None:
        """Choose no longer to leave something out, or what was written last; gives what it was."""
        with self.stages.alone():
            return choosing.take_back(self.stages.home.choices, self.stages.lake, exclusion, listener)

    def taken_out(self, exclusion: Exclude, listener: str | None) -> Taken | None:
        """Count what an exclusion takes out of the statistics; none while nothing is built."""
        if not self.stages.is_built():
            return None
        with self.stages.laptop(read_only=True) as connection:
            return excluded.taken_out(connection, _meant(exclusion, listener))

    def doubts(self) -> list[str]:
        """Say of each excluded name that nobody played where it stands, and what may have been meant."""
        with self.stages.alone():
            text, choices = choosing.read_file(self.stages.home.choices, self.stages.lake)
        said = ((line, self.doubt(each, listener)) for listener, line, each in choosing.exclusions(text, choices))
        return [f"{place(line)}: {doubt[0].lower()}{doubt[1:]}" for line, doubt in said if doubt]

    def doubt(self, exclusion: Exclude, listener: str | None) -> str | None:
        """Say that an exclusion takes nothing out, and which name may have been meant; none where it does."""
        taken = self.taken_out(exclusion, listener)
        if taken is None or taken.plays:
            return None
        with self.stages.laptop(read_only=True) as connection:
            name = excluded.nearest(connection, _meant(exclusion, listener))
        meant = f"; did you mean {name!r}?" if name and spelled(name) != spelled(exclusion.name) else "."
        return f"No play is of {exclusion}{meant}"

    def suggestions(self) -> list[dict[str, Any]] | None:
        """List what this listener may want to leave out; none where the models know of no suggestions."""
        if not self.stages.is_built():
            return None
        with self.stages.laptop(read_only=True) as connection:
            return excluded.suggestions(connection, self.stages.user)


def _meant(exclusion: Exclude, listener: str | None) -> Meant:
    return Meant(
        kind=exclusion.kind,
        name=spelled(exclusion.name),
        artist=spelled(exclusion.artist) if exclusion.track and exclusion.artist else None,
        hours=hours_in(exclusion.hours) if exclusion.hours else [],
        since=exclusion.since,
        until=exclusion.until,
        user=listener,
    )
