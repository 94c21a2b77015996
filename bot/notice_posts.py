"""A notice in the words of one recipient: as it stands on our page, and as it goes into a chat that is not ours."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.letters import Post
from bot.naming import called
from dialogs.plain_words import TELLING
from dialogs.words import Voice
from storage.tables import NoticeText


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of a notice in one reading mode, to be filled in for one recipient after the other.

    Args:
        page: the template of the text.
        labels: what stands on its buttons.
        private: whether in a chat that is not ours only a neutral line goes out.
        voice: fills it in.

    """

    page: str
    labels: tuple[str, ...]
    private: bool
    voice: Voice

    @property
    def names_people(self) -> bool:
        """Whether it has to be filled in: else it is the same for everybody."""
        return "{" in self.page

    def on_page(self, name: str) -> str:
        """The text on our own page. Raises jinja2's errors for a placeholder that there is not."""
        return self.voice.say(self.page, {"name": name})

    def post(self, name: str, outbox_id: int, link: str = "") -> Post:
        """The text in a chat that is not ours: people are called as at home, and private things are not said.

        Args:
            name: of the person.
            outbox_id: the number of the recipient's row.
            link: where a private notice is read.

        """
        if self.private:
            return Post(
                f"{self.voice.say('您有一条新消息。打开下面的地址看，24 小时内都能开。')}\n{link}",
                outbox_id=outbox_id,
            )
        text = "\n".join((self.on_page(called(name)), *map(self._hint, self.labels)))
        first, *more = self.labels or ("",)
        return Post(text, first, outbox_id, tuple(more))

    def _hint(self, label: str) -> str:
        return self.voice.say("点“{{ button }}”。", {"button": label})


def wording(text: NoticeText, voice: Voice) -> Wording:
    """Give a version of a notice as somebody with this voice reads it."""
    body = {"plain": text.plain, "easy": text.easy, "en": text.en}[voice.reading] or text.plain
    labels = tuple(voice.say(str(each["label"])) for each in text.buttons)
    return Wording(f"{text.title}\n{body}", labels, is_private(text), voice)


def is_private(text: NoticeText) -> bool:
    """Whether a notice is not said on others' servers: staff said so, or its words name a disability."""
    said = "\n".join(
        (text.title, text.plain, text.easy, text.en, *(str(each["label"]) for each in text.buttons))
    )
    return text.private or any(word in said.casefold() for word in TELLING)


PLACEHOLDERS: Mapping[str, str] = {"name": "小明"}
"""What may stand in the words of a notice between {{ and }}, each with an example."""
