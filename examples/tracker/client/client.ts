// A program that writes to the tracker. That it compiles says that the document tells what a
// client needs. Each line below @ts-expect-error must not compile: tsc reports it if it does.
import createClient from "openapi-fetch"
import type { paths } from "./schema"

const api = createClient<paths>()
const path = { team: "acme", project: "apollo", issue: 1 }
const issue = "/teams/{team}/projects/{project}/issues/{issue}"

await api.PUT(issue, { params: { path, header: { "If-Match": '"1-1-1"' } }, body: { title: "Start" } })
await api.DELETE(issue, { params: { path, header: { "If-Match": '"1-1-1"' } } })

// @ts-expect-error: it would overwrite what it has not seen
await api.PUT(issue, { params: { path }, body: { title: "Start" } })
// @ts-expect-error: the same
await api.PATCH(issue, { params: { path }, body: { state: "closed" } })
// @ts-expect-error: the same
await api.DELETE(issue, { params: { path } })
// @ts-expect-error: a state that is not there
await api.PUT(issue, { params: { path, header: { "If-Match": "*" } }, body: { title: "Start", state: "done" } })

// A project may be new, so this one may say If-None-Match instead.
const project = "/teams/{team}/projects/{project}"
await api.PUT(project, { params: { path, header: { "If-None-Match": "*" } }, body: { title: "Zeus" } })

const got = await api.GET(issue, { params: { path } })
if (got.error) throw new Error(got.error.detail ?? got.error.title)
