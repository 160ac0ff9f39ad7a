// Saves the form with the tag of the version that it shows. Whoever was not fast
// enough sees what the other one wrote, keeps their own text, and can go on.

const form = document.getElementById("edit")
const theirs = document.getElementById("theirs")
const say = text => { document.getElementById("message").textContent = text }
const json = { "Accept": "application/json", "Content-Type": "application/json" }

form.addEventListener("submit", event => {
	event.preventDefault() // a form of HTML cannot PUT
	save().catch(() => say("The server cannot be reached. Nothing is lost: try again."))
})

async function save() {
	const response = await fetch(location.pathname, {
		method: "PUT",
		headers: { ...json, "If-Match": form.dataset.tag },
		body: JSON.stringify({ title: form.elements.title.value, content: form.elements.content.value }),
	})
	if (response.ok) return location.reload()
	if (response.status === 412) return showConflict()
	const problem = await response.json()
	say(response.status === 404 ? "Somebody deleted this post." : problem.detail || problem.title)
}

async function showConflict() {
	const response = await fetch(location.pathname, { headers: { "Accept": "application/json" }, cache: "no-cache" })
	if (!response.ok) return say("Somebody deleted this post.")
	const post = await response.json()
	form.dataset.tag = response.headers.get("ETag") // they have seen it now
	theirs.querySelector("h3").textContent = post.title
	theirs.querySelector("p").textContent = post.content
	theirs.querySelector("button").onclick = () => {
		form.elements.title.value = post.title
		form.elements.content.value = post.content
	}
	theirs.hidden = false
	say("Somebody else saved this post after you opened it. Your text is still here: save again to put it in the place of theirs.")
}
