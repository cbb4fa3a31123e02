"""Steps as a button with its dialog: what it does, and the words it asks for."""

from dataclasses import dataclass

from changai.areas.assessments.forms import StepForm
from changai.foundation.ui.parts import Text


@dataclass(frozen=True)
class Step:
    """One step of a record that the actor may take now; `sentences` are read before it is taken."""

    name: str
    title: Text
    address: str
    version: int
    form: StepForm
    sentences: tuple[Text, ...] = ()
    is_main: bool = False
    is_grave: bool = False


def step(
    move: str, record: tuple[int, int], address: str, title: Text, *, label: Text = "", place: int | None = None,
    sentences: tuple[Text, ...] = (), is_main: bool = False, is_grave: bool = False,
) -> Step:  # fmt: skip
    """Return a step of a record, given as its id and version; `label` names the words it asks for, if any."""
    pk, version = record
    name = f"{move}-{pk}" if place is None else f"{move}-{pk}-{place}"
    first = {"move": move, "place": place}
    form = StepForm(label=str(label), initial=first, auto_id=f"{name}-%s")
    return Step(name, title, address, version, form, sentences, is_main, is_grave)
