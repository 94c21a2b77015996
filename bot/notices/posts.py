"""A notice in the words of one recipient: as it stands on our page, and as it goes into a chat that is not ours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session

from bot.attached import Attached
from bot.letters.letter import Post
from bot.naming import called
from dialogs.plain_words import TELLING
from dialogs.words import Voice
from storage.notices import files as notice_files
from storage.notices.tables import NoticeText


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of a notice in one reading mode, to be filled in for one recipient after the other.

    Args:
        page: the template of the text.
        labels: what stands on its buttons.
        private: whether in a chat that is not ours only a neutral line goes out.
        voice: fills it in.
        attached: a picture or a paper that goes with it.
        texts: what it says in a chat, by the name filled in: one text for everybody where it names nobody.

    """

    page: str
    labels: tuple[str, ...]
    private: bool
    voice: Voice
    attached: Attached | None = None
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def names_people(self) -> bool:
        """Whether it has to be filled in: else it is the same for everybody."""
        return "{" in self.page

    def on_page(self, name: str) -> str:
        """The text on our own page. Raises jinja2's errors for a placeholder that there is not.

        Who has told us no name is greeted where the name would be called out, and is 您 elsewhere.
        """
        if name:
            return self.voice.say(self.page, {"name": name})
        page = CALLED_OUT.sub(self.voice.say("您好"), self.page)
        return self.voice.say(page, {"name": self.voice.say("您")})

    def post(self, name: str, outbox_id: int, link: str = "") -> Post:
        """The text in a chat that is not ours: people are called as at home, and private things are not said.

        Args:
            name: of the person.
            outbox_id: the number of the recipient's row.
            link: where a private notice is read.

        """
        if self.private:
            return Post(
                f"{self.voice.say('您有一条新消息，打开下面的地址看。过了 15 分钟，打开再要一个。')}\n{link}",
                outbox_id=outbox_id,
            )
        text = self.texts.get(name)
        if text is None:
            text = "\n".join((self.on_page(called(name)), *map(self._hint, self.labels)))
            self.texts[name] = text
        first, *more = self.labels or ("",)
        return Post(text, first, outbox_id, tuple(more), self.attached)

    def _hint(self, label: str) -> str:
        return self.voice.say("点“{{ button }}”。", {"button": label})


CALLED_OUT = re.compile(r"\{\{\s*name\s*\}\}(?=\s*[，,：:！!])")
"""The name where it calls somebody, as at the beginning of a letter."""

HAN = re.compile("[\u3400-\u9fff]")


def attached_to(session: Session, text: NoticeText) -> Attached | None:
    """Give the picture or the paper of a version, as channels send it."""
    file = notice_files.find_file(session, text.file_id)
    return Attached(str(file.id), file.is_photo, file.name, file.mime, file.body) if file else None


def wording(text: NoticeText, voice: Voice, attached: Attached | None = None) -> Wording:
    """Give a version of a notice as somebody with this voice reads it.

    English words stand without the title, which is Chinese; where there are none, it says so first.
    """
    own = {"plain": text.plain, "easy": text.easy, "en": text.en}[voice.reading]
    body = own or text.plain
    if voice.reading != "en":
        body = f"{text.title}\n{body}"
    elif not own:
        body = f"{voice.say('下面的话是中文的。')}\n{text.title}\n{body}"
    if text.file_id is not None:
        words = {"words": text.file_words}  # for who cannot see it
        if voice.reading == "en" and HAN.search(text.file_words):
            shown = voice.say("附了，上面是中文：{{ words }}", words)
        else:
            shown = voice.say("附了：{{ words }}", words)
        body = f"{body}\n{shown}"
    labels = tuple(voice.say(str(each["label"])) for each in text.buttons)
    return Wording(body, labels, is_private(text), voice, attached)


def is_private(text: NoticeText) -> bool:
    """Whether a notice is not said on others' servers: staff said so, or its words name a disability."""
    said = "\n".join(
        (
            text.title,
            text.plain,
            text.easy,
            text.en,
            text.file_words,
            *(str(each["label"]) for each in text.buttons),
        )
    )
    return text.private or any(word in said.casefold() for word in TELLING)


EVERYBODY = "各位"
"""Stands for the name where a notice is not one person's: in a group, on paper."""

_AS_WRITTEN = Voice("plain", str)


def off_screen(text: str, name: str) -> str:
    """Give an SMS, or what is said on the telephone, for somebody of this name; "" for nobody of whom it is known."""
    return _AS_WRITTEN.say(text, {"name": name or EVERYBODY})


PLACEHOLDERS: Mapping[str, str] = {"name": "小明"}
"""What may stand in the words of a notice between {{ and }}, each with an example."""
