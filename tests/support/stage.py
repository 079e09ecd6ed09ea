"""A session that is under way, for end-to-end tests and goals: who is in, and what a listener gets.

Everybody comes in by the real path: each person opens a personal link in a profile of its own, and whoever
sends has a browser with a hue and a tone of its own.
"""

from dataclasses import dataclass

from tests.support.browser import Browsers
from tests.support.live import LiveServer
from tests.support.people import Hall, Listener, Notulis, Office, Operator, Person
from tests.support.sessions import make_session

DIALOG = {"Sarongan": "35.10.01.2001", "Tembokrejo": "35.10.05.2003", "Kalibaru": "35.10.11.2003"}
LISTENER = "35.10.20.2002"
HUES = {"aula": 40.0, "Sarongan": 0.0, "Tembokrejo": 120.0, "Kalibaru": 240.0}
TONES = {"aula": 330.0, "Sarongan": 500.0, "Tembokrejo": 700.0, "Kalibaru": 1100.0}
KADES = {"Sarongan": "Bu Sri", "Tembokrejo": "Pak Yon", "Kalibaru": "Pak Har"}

HUE_IS = """async ([testid, hue]) => {
  const video = document.querySelector(`[data-testid="${testid}"]`);
  if (!video || !video.videoWidth) return false;
  const w = video.videoWidth, h = video.videoHeight;
  const c = new OffscreenCanvas(8, 8).getContext("2d");
  c.drawImage(video, w * .3, h * .3, w * .4, h * .4, 0, 0, 8, 8);
  const [r, g, b] = c.getImageData(4, 4, 1, 1).data;
  const top = Math.max(r, g, b), span = top - Math.min(r, g, b);
  if (span < 60) return false;
  const sixth = top === r ? ((g - b) / span + 6) % 6 : top === g ? (b - r) / span + 2 : (r - g) / span + 4;
  const apart = Math.abs(sixth * 60 - hue);
  return Math.min(apart, 360 - apart) < 25;
}"""
"""In the page: whether the middle of a picture has a hue (degrees, within 25)."""

NEAR_HERTZ = 30.0


@dataclass
class Session:
    links: dict[str, str]
    operator: Operator
    notulis: Notulis
    hall: Hall
    listener: Listener
    offices: dict[str, Office]

    @property
    def everyone(self) -> list[Person]:
        return [self.operator, self.notulis, self.hall, self.listener, *self.offices.values()]


def link_of(links: dict[str, str], name: str) -> str:
    """The link of an office, by the beginning of its label."""
    return next(link for label, link in links.items() if label.startswith(name))


async def enter_office(bs: Browsers, links: dict[str, str], name: str) -> Office:
    browser = await bs.publisher(name, hue=HUES[name], hertz=TONES[name])
    return await Office.enter(browser, link_of(links, name), nama=KADES[name], jabatan="Kepala Desa")


async def begin(server: LiveServer, bs: Browsers, offices: list[str]) -> Session:
    """Make the session, let everybody in, open it and start the dialog."""
    desk = await bs.viewer()
    links = await make_session(server, "Musrenbang uji", dialog=[*DIALOG.values()], menyimak=[LISTENER])
    hall = await bs.publisher("aula", hue=HUES["aula"], hertz=TONES["aula"])
    session = Session(
        links,
        await Operator.enter(desk, links["Meja Operator"]),
        await Notulis.enter(desk, links["Meja Notulis"]),
        await Hall.enter(hall, links["Aula"]),
        await Listener.enter(desk, link_of(links, "Jambewangi")),
        {name: await enter_office(bs, links, name) for name in offices},
    )
    await session.operator.open_meeting()
    await session.operator.start_item("Dialog")
    return session


async def sees_and_hears(listener: Person, slot: str, name: str) -> None:
    """Waits until the slot shows the hue of ``name``; then frames and sound must be its own, and go on."""
    await listener.until(HUE_IS, [f"video-{slot}", HUES[name]])
    before = await listener.slot(slot)
    await listener.until(
        """async ([slot, frames, energy]) => {
          const now = (await rembug.slots())[slot];
          return now.frames > frames + 10 && now.energy > energy;
        }""",
        [slot, before.frames, before.energy],
    )
    await hears_tone(listener, slot, TONES[name])


async def hears_tone(person: Person, slot: str, hertz: float) -> None:
    """Waits: on a busy machine a browser plays what it has of the last speaker for some seconds more."""
    for _ in range(10):
        heard = await person.loudest_hertz(slot)
        if abs(heard - hertz) < NEAR_HERTZ:
            return
    raise AssertionError(f"{slot} sounds of {heard:.0f} Hz instead of {hertz:.0f}")
