// Package echo is the notes with echo, before the migration. Preconditions are lists that are taken
// apart at their commas; weak tags are not looked at.
package echo

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v5"

	"github.com/restmachine/restmachine-go/examples/migrating/notes"
)

type service struct{ all *notes.Notes }

// New returns the service.
func New(all *notes.Notes) http.Handler {
	s := service{all}
	e := echo.New()
	e.GET("/notes/:id", s.read, s.load)
	e.PUT("/notes/:id", s.replace, s.load)
	e.DELETE("/notes/:id", s.remove, s.load)
	e.POST("/notes", s.create)
	return e
}

// load is middleware: it puts the note of the path into the context, or ends the request.
func (s service) load(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		n := s.all.Get(c.Param("id"))
		if n == nil {
			return echo.NewHTTPError(http.StatusNotFound, "there is no such note")
		}
		c.Set("note", n)
		if match := c.Request().Header.Get("If-Match"); match != "" && !has(match, tag(n)) {
			return echo.NewHTTPError(http.StatusPreconditionFailed, "the note has changed")
		}
		return next(c)
	}
}

func tag(n *notes.Note) string { return strconv.Quote(strconv.Itoa(n.Version)) }

// has reports whether a tag is in the list of a precondition.
func has(list, tag string) bool {
	tags := strings.Split(list, ",")
	for i := range tags {
		tags[i] = strings.TrimSpace(tags[i])
	}
	return slices.Contains(tags, tag) || slices.Contains(tags, "*")
}

func (s service) read(c *echo.Context) error {
	n, err := echo.ContextGet[*notes.Note](c, "note")
	if err != nil {
		return err
	}
	c.Response().Header().Set("ETag", tag(n))
	if has(c.Request().Header.Get("If-None-Match"), tag(n)) {
		return c.NoContent(http.StatusNotModified)
	}
	if strings.HasPrefix(c.Request().Header.Get("Accept"), "text/plain") {
		return c.String(http.StatusOK, n.Text)
	}
	return c.JSON(http.StatusOK, n)
}

func (s service) replace(c *echo.Context) error {
	n, err := echo.ContextGet[*notes.Note](c, "note")
	if err != nil {
		return err
	}
	var in notes.Change
	if err := receive(c, &in); err != nil {
		return err
	}
	n = s.all.Replace(n.ID, in)
	c.Response().Header().Set("ETag", tag(n))
	return c.JSON(http.StatusOK, n)
}

func (s service) remove(c *echo.Context) error {
	n, err := echo.ContextGet[*notes.Note](c, "note")
	if err != nil {
		return err
	}
	s.all.Delete(n.ID)
	return c.NoContent(http.StatusNoContent)
}

func (s service) create(c *echo.Context) error {
	var in notes.Change
	if err := receive(c, &in); err != nil {
		return err
	}
	n := s.all.Add(in)
	c.Response().Header().Set("Location", "/notes/"+n.ID)
	c.Response().Header().Set("ETag", tag(n))
	return c.JSON(http.StatusCreated, n)
}

// receive binds the content of the request; Bind answers 415 and 400.
func receive(c *echo.Context, in *notes.Change) error {
	if err := c.Bind(in); err != nil {
		return err
	}
	if err := in.Validate(); err != nil {
		return echo.NewHTTPError(http.StatusUnprocessableEntity, err.Error())
	}
	return nil
}
