"""The pages that say that something did not work: calm, in Chinese, with a way on."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web.pages import Pages
from bot.channels.web.visitors import size_of
from bot.logs import Log

PAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "400": ("没看懂发来的内容。", ("从第一页开始就行。您说过的话都还在。",)),
    "unclear": ("没看懂发来的内容。", ("从第一页开始就行。您说过的话都还在。",)),
    "no_cookie": (
        "这台手机没有记住您。",
        ("浏览器关掉了 Cookie，我们就不知道是您。", "打开 Cookie，再来一次。也可以打电话。"),
    ),
    "403": ("这一页不能打开。", ("从第一页开始就行。",)),
    "old_page": ("这一页是旧的。", ("打开新的一页，接着说。",)),
    "elsewhere": ("这一页不是从我们这里来的。", ("为了安全，没有记下。从第一页开始就行。",)),
    "404": ("没有找到这一页。", ("地址可能少了几个字，或者这一页已经没有了。",)),
    "gone": ("没有找到这个课。", ("这个课可能已经没有了。看看别的课。",)),
    "used_link": (
        "这个地址不能用了。",
        ("一个地址只能用一次，过了时间也不能用。", "要一个新的：回到原来的手机，再要一次。"),
    ),
    "no_button": (
        "这里现在不能按了。",
        ("这件事可能已经办完了。", "从第一页开始就行。"),
    ),
    "405": ("这一页不能这样打开。", ("从第一页开始就行。",)),
    "408": ("发到一半就断了。", ("刚才的话没有记下。网好一点的时候，再发一次。",)),
    "413": ("发来的内容太大了。", ("文件最大 20 兆。换一个小的，或者写几个字。",)),
    "429": ("按得太快了。", ("等 {{ seconds }} 秒，再按一次。您说过的话都还在。",)),
    "500": ("我们这里出了问题。", ("刚才的话可能没有记下。等一会儿，再试一次。",)),
    "503": ("我们这里正忙。", ("刚才的话没有记下。等一会儿，再试一次。",)),
}
"""Status or reason -> what is said: the heading and the sentences under it."""

CLIENT_WENT_AWAY = 499
"""What servers write down for a request whose sender left; it is sent to nobody."""

log = Log("pages")


class Saying:
    """Answers in place of a page that cannot be shown."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def refuse(self, request: Request, problem: Exception) -> Response:
        """Say why a request was not taken."""
        if not isinstance(problem, HTTPException):
            raise problem
        return self._page(request, problem.status_code, problem.detail, dict(problem.headers or {}))

    async def fail(self, request: Request, problem: Exception) -> Response:
        """Say that something of ours broke; what it was is in the log and never on the page."""
        log.error(
            "page_failed",
            path=_shown(request),
            problem=type(problem).__name__,
        )
        return self._page(request, 500, "", {})

    async def hang_up(self, request: Request, problem: Exception) -> Response:  # noqa: ARG002 - Starlette's signature
        """Note that a browser went away while it was sending; nobody is left to read an answer."""
        log.info("hung_up", path=_shown(request))
        return Response(status_code=CLIENT_WENT_AWAY)

    async def close(self, request: Request, problem: Exception) -> Response:  # noqa: ARG002 - Starlette's signature
        """Say that we are being restarted: this answer was not kept."""
        return self._page(request, 503, "", {"Retry-After": "5"})

    def _page(self, request: Request, status: int, why: str, headers: dict[str, str]) -> Response:
        heading, lines = PAGES.get(why) or PAGES.get(str(status)) or PAGES["500" if status >= 500 else "400"]
        seconds = headers.get("Retry-After", "60")
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"status": status, "problem": heading}, status, headers=headers)
        values = {"heading": heading, "lines": lines, "seconds": seconds, "ways": (("/", "接着说"),)}
        html = self._pages.render("message.html", values, size=size_of(request))
        return Response(html, status, {**headers, "Cache-Control": "no-store"}, "text/html")


def _shown(request: Request) -> str:
    """The path as a log may hold it: without the secret of a link."""
    return request.url.path.partition("/go/")[0] or "/go/"
