"""The notes with restmachine for Python, before the migration."""

import io
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from restmachine import HTTPMethod, Request, Response, RestApplication, Router

app = RestApplication()


@app.on_startup
def database():
    return {"notes": {"1": {"id": "1", "text": "Hello", "version": 1}}, "last": 1}


@app.resource_exists
def note(path_params, database):
    found = database["notes"].get(path_params.get("id"))
    found = found and dict(found)  # a copy, as a row of a database is
    time.sleep(int(os.environ.get("PAUSE", "0")) / 1000)  # as a database would take
    return found


@app.generate_etag
def note_etag(note):
    return f'"{note["version"]}"'


@app.default_headers
def fields(request_id):
    return {"X-Request-Id": request_id}


@app.request_id
def identify(request):
    return request.headers.get("X-Request-Id") or os.urandom(8).hex()


@app.accepts("text/plain")
def plain(body):
    return {"text": body}


@app.error_provides("text/html")
@app.handles_error(404)
def not_found_page(request):
    return "<h1>There is no such note</h1>"


@app.handles_error(404)
def not_found(request):
    return {"message": "There is no such note"}


@app.get("/notes/{id}")
def read(note, note_etag):
    return note


@app.provides("application/json")
def as_json(read):
    return json.dumps(read)


@app.provides("text/plain")
def as_text(read):
    return read["text"]


@app.put("/notes/{id}")
def replace(note, note_etag, json_body, database):
    if not json_body.get("text"):
        return Response(422, "a note needs a text", content_type="text/plain")
    note["text"] = json_body["text"]  # in place: else the answer has the old tag
    note["version"] += 1
    database["notes"][note["id"]] = note
    return note


@app.delete("/notes/{id}")
def delete(note, note_etag, database):
    del database["notes"][note["id"]]


collection = Router(app=app)


@collection.post("/")
def create(json_body, database):
    database["last"] += 1
    new = {"id": str(database["last"]), "text": json_body["text"], "version": 1}
    database["notes"][new["id"]] = new
    fields = {"Location": f"/notes/{new['id']}", "ETag": '"1"'}
    return Response(201, json.dumps(new), headers=fields, content_type="application/json")


app.mount("/notes", collection)


class Handler(BaseHTTPRequestHandler):
    """Hands requests to app.execute: the ASGIAdapter loses content that comes in one piece."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(HTTPMethod(self.command), self.path, dict(self.headers), io.BytesIO(content) if content else None)
        response = app.execute(request)
        sent = (response.body or "").encode() if not isinstance(response.body, bytes) else response.body
        self.send_response(response.status_code)
        for name, value in response.headers.items_all():
            if name.lower() != "content-length":
                self.send_header(name, value)
        if response.status_code not in (204, 304):
            self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    app.startup_sync()
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
