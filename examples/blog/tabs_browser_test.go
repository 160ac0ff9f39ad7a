// This test lets two people edit one post, each in their own browser.

package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// save types a title and saves the form.
func (b tab) save(title string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(() => {
		form.elements.title.value = %q
		form.querySelector("button").click()
		return true
	})()`, title))
}

// TestTwoTabsOfABrowser checks the second person who saves. They see an explanation of
// the conflict and the other text. They keep their own text, and can go on.
func TestTwoTabsOfABrowser(t *testing.T) {
	first, second := newTab(t), newTab(t)
	url := debuggedBlog(t) + "/posts/1"
	for _, b := range []tab{first, second} {
		b.open(url, 1440, 900)
		b.until(`typeof form === "object" && form.dataset.tag !== ""`)
	}

	first.save("By the first")
	first.until(`document.querySelector("h1")?.textContent === "By the first"`)

	second.save("By the second")
	second.until(`!document.getElementById("theirs").hidden`)
	assert.Contains(t, eval[string](second, `document.getElementById("message").textContent`), "Somebody else saved this post")
	assert.Equal(t, "By the first", eval[string](second, `document.querySelector("#theirs h3").textContent`), "the other's text")
	assert.Equal(t, "By the second", eval[string](second, `form.elements.title.value`), "nothing typed is lost")
	assert.NotEqual(t, "By the second", eval[string](second, `document.querySelector("h1").textContent`), "nothing was overwritten")
	second.shoot("conflict-1440")

	second.save("By the second, knowingly")
	second.until(`document.querySelector("h1")?.textContent === "By the second, knowingly"`)
}
