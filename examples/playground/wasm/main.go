//go:build js && wasm

// Command wasm is the playground as the browser runs it. The page's script calls the functions of
// the object restmachine, with the fragment of a link, and gets JSON or SVG.
package main

import (
	"encoding/json"
	"syscall/js"

	"github.com/restmachine/restmachine-go/examples/playground/play"
)

func main() {
	js.Global().Set("restmachine", js.ValueOf(map[string]any{
		"open": function(func(args []js.Value) any { return play.Open(args[0].String()) }),
		"find": function(func(args []js.Value) any { return play.Find(args[0].String(), args[1].Int()) }),
		"draw": function(func(args []js.Value) any {
			svg, err := play.Draw(args[0].String(), args[1].String())
			if err != nil {
				return map[string]string{"error": err.Error()}
			}
			return map[string]string{"svg": svg}
		}),
	}))
	js.Global().Call("dispatchEvent", js.Global().Get("Event").New("restmachine"))
	select {} // the functions live as long as the page
}

// function makes a function for the script, which returns its value as JSON.
func function(f func(args []js.Value) any) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		text, err := json.Marshal(f(args))
		if err != nil {
			return `{"error":` + `"the answer cannot be written"}`
		}
		return string(text)
	})
}
