"""A server that shows the hand-made screens through the real templates, style, script and headers."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.channels.web.pages import Pages
from bot.channels.web.saying import PAGES as REFUSALS
from bot.channels.web.shield import Shield
from bot.channels.web.static import send_static
from bot.voices import load_voices
from dialogs.facts.people import Office
from tests.channels.web import gallery

OFFICE = Office("武侯区残疾人就业服务所", "028-00001101", "15400009001")
PAGES = Pages(load_voices(), OFFICE, "http://127.0.0.1:8000")


async def show(request: Request) -> Response:
    name = request.path_params["name"]
    size = request.query_params.get("size", "standard")
    return HTMLResponse(PAGES.screen(gallery.heard(name), gallery.visit(name, size)))


async def refuse(request: Request) -> Response:
    heading, lines = REFUSALS[request.path_params["why"]]
    values = {"heading": heading, "lines": lines, "seconds": "7", "ways": (("/", "接着说"),)}
    return HTMLResponse(PAGES.render("message.html", values))


async def echo(request: Request) -> Response:
    async with request.form() as form:
        return JSONResponse([(name, value) for name, value in form.multi_items() if isinstance(value, str)])


async def silent(_: Request) -> Response:
    return Response(status_code=204)


def make_showcase() -> Starlette:
    return Starlette(
        routes=[
            Route("/screen/{name}", show),
            Route("/refusal/{why}", refuse),
            Route("/answer", echo, methods=["POST"]),
            Route("/begin", echo, methods=["POST"]),
            Route("/size", echo, methods=["POST"]),
            Route("/events", silent),
            Route("/static/{name}", send_static),
        ],
        middleware=[Middleware(Shield, https=False)],
    )
