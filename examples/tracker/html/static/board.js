// The board of a project. Clicks come in. Requests go out, through openapi-fetch. Where node is
// there, a test checks this file with the types that openapi-typescript makes of the service's
// document: a path that is not there, a member that is misspelt and an If-Match that is left out
// are errors before a browser sees them. A browser takes the file as it is.

import createClient from "./openapi-fetch.js"

/** @typedef {import("./schema").components["schemas"]["Issue"]} Issue */
/** @typedef {import("./schema").components["schemas"]["Problem"]} Problem */
/** @typedef {{ pointer?: string, detail: string }} Mistake */

const api = /** @type {import("openapi-fetch").Client<import("./schema").paths>} */ (/** @type {unknown} */ (createClient()))

const who = /** @type {HTMLFormElement} */ (document.getElementById("who"))
const form = /** @type {HTMLFormElement} */ (document.getElementById("new"))
const list = /** @type {HTMLElement} */ (document.getElementById("issues"))

/** @param {string} text */
const say = text => { /** @type {HTMLElement} */ (document.getElementById("message")).textContent = text }

/** @type {(from: HTMLFormElement, name: string) => string} */
const value = (from, name) => String(new FormData(from).get(name))

const place = () => ({ team: value(who, "team"), project: value(who, "project") })

api.use({
	onRequest({ request }) { request.headers.set("Authorization", "Bearer " + value(who, "token")) },
})

/** @type {(problem: Problem | undefined) => void} */
const complain = problem => say(problem?.detail ?? problem?.title ?? "The service does not answer.")

async function show() {
	const { data, error } = await api.GET("/teams/{team}/projects/{project}/issues", { params: { path: place(), query: { limit: 100 } } })
	if (!data || typeof data === "string") return complain(error)
	list.replaceChildren(...data.issues.map(line))
}

/** @param {Issue} issue */
function line(issue) {
	const item = document.createElement("li"), title = document.createElement("span"), button = document.createElement("button")
	title.textContent = `${issue.number}: ${issue.title} `
	title.className = issue.state
	button.textContent = issue.state === "open" ? "Close" : "Open"
	button.onclick = () => turn(issue)
	item.append(title, button)
	return item
}

// turn reads the issue, so that it knows the tag of what it changes. Where somebody changed the
// issue after it was shown, it shows that instead.
/** @param {Issue} shown */
async function turn(shown) {
	const path = { ...place(), issue: shown.number }
	const now = await api.GET("/teams/{team}/projects/{project}/issues/{issue}", { params: { path } })
	if (!now.data || typeof now.data === "string") return complain(now.error)
	if (now.data.version !== shown.version) {
		await show()
		return say("Somebody has changed this issue. Look at it again.")
	}
	const { error } = await api.PATCH("/teams/{team}/projects/{project}/issues/{issue}", {
		params: { path, header: { "If-Match": now.response.headers.get("ETag") ?? "" } },
		headers: { "Content-Type": "application/merge-patch+json" },
		body: { state: shown.state === "open" ? "closed" : "open" },
	})
	say("")
	if (error) complain(error) // a 412 says that somebody else was faster
	await show()
}

async function create() {
	const label = value(form, "label")
	const { error } = await api.POST("/teams/{team}/projects/{project}/issues", {
		params: { path: place() },
		body: { title: value(form, "title"), assignee: value(form, "assignee"), labels: label ? [label] : [] },
	})
	const mistakes = /** @type {Mistake[]} */ (error?.errors ?? [])
	for (const output of form.querySelectorAll("output")) {
		output.textContent = mistakes.find(m => m.pointer === output.dataset.pointer)?.detail ?? ""
	}
	if (error) return complain(error)
	say("")
	form.reset()
	await show()
}

/** @type {(on: HTMLFormElement, action: () => Promise<void>) => void} */
const submits = (on, action) => on.addEventListener("submit", event => {
	event.preventDefault()
	action().catch(() => complain(undefined))
})
submits(who, show)
submits(form, create)
