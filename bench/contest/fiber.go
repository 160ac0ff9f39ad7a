// fiber with its etag middleware, on fasthttp and not net/http. The middleware
// renders and hashes before it compares; it knows neither dates nor If-Match,
// which are checked by hand, If-Match against the document's own tag.

package contest

import (
	"net"
	"net/http"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/etag"
	"github.com/valyala/fasthttp"
)

func onFiber(s *Store) Contestant {
	app := fiberApp(s)
	serve := app.Handler()
	answer := func(c Case) Answer {
		ctx := fiberRequest(c)
		serve(ctx)
		return fiberAnswer(ctx)
	}
	return Contestant{
		Name:    "fiber, etag middleware",
		Module:  "github.com/gofiber/fiber/v3",
		OwnTags: true,
		Prepare: func(c Case) Case { return withTag(c, answer) },
		Answer:  func(c Case) Answer { return answer(withTag(c, answer)) },
		Turn: func(c Case) func() {
			ctx := fiberRequest(withTag(c, answer))
			return func() {
				ctx.Response.Reset()
				serve(ctx)
			}
		},
		Serve: func(l net.Listener) error {
			return app.Listener(l, fiber.ListenConfig{DisableStartupMessage: true})
		},
	}
}

func fiberApp(s *Store) *fiber.App {
	app := fiber.New()
	app.Use(etag.New())
	app.Get("/documents/:id", func(c fiber.Ctx) error {
		d := s.Document(c.Params("id"))
		if d == nil {
			return fiber.NewError(fiber.StatusNotFound, "document not found")
		}
		if v := c.Get("If-Modified-Since"); v != "" {
			if since, err := http.ParseTime(v); err == nil && !d.UpdatedAt.After(since) {
				c.Status(fiber.StatusNotModified)
				return nil
			}
		}
		c.Set("Last-Modified", d.Modified())
		return c.JSON(d)
	})
	app.Put("/documents/:id", func(c fiber.Ctx) error {
		d := s.Document(c.Params("id"))
		if d == nil {
			return fiber.NewError(fiber.StatusNotFound, "document not found")
		}
		if v := c.Get("If-Match"); v != "" && v != "*" && v != d.Tag() {
			return fiber.NewError(fiber.StatusPreconditionFailed, "document has changed")
		}
		var in Update
		if err := c.Bind().JSON(&in); err != nil {
			return err
		}
		d = s.Replace(d, in)
		c.Set("Last-Modified", d.Modified())
		return c.JSON(d)
	})
	return app
}

// withTag is the case with the tag that the middleware gives, where it carries one.
func withTag(c Case, answer func(Case) Answer) Case {
	if c.Header["If-None-Match"] == nil {
		return c
	}
	plain := c
	plain.Header = fields()
	c.Header = fields("If-None-Match", answer(plain).Header.Get("ETag"))
	return c
}

func fiberRequest(c Case) *fasthttp.RequestCtx {
	ctx := &fasthttp.RequestCtx{}
	ctx.Init(&fasthttp.Request{}, nil, nil)
	ctx.Request.Header.SetMethod(c.Method)
	ctx.Request.SetRequestURI(c.Path)
	ctx.Request.SetHost("example.com")
	for name, lines := range c.Header {
		ctx.Request.Header.Set(name, lines[0])
	}
	ctx.Request.SetBody(c.Body)
	return ctx
}

func fiberAnswer(ctx *fasthttp.RequestCtx) Answer {
	a := Answer{ctx.Response.StatusCode(), http.Header{}, ctx.Response.Body()}
	for name, value := range ctx.Response.Header.All() {
		a.Header.Add(string(name), string(value))
	}
	return a
}
