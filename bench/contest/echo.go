// echo, with its binding, rendering and errors; the checks are made by hand.

package contest

import (
	"net/http"

	"github.com/labstack/echo/v5"
)

func onEcho(s *Store) http.Handler {
	e := echo.New()
	e.GET("/documents/:id", func(c *echo.Context) error {
		d := s.Document(c.Param("id"))
		if d == nil {
			return echo.NewHTTPError(http.StatusNotFound, "document not found")
		}
		tag, h := d.Tag(), c.Response().Header()
		h.Set("ETag", tag)
		if notModified(c.Request().Header, tag, d.UpdatedAt) {
			return c.NoContent(http.StatusNotModified)
		}
		h.Set("Last-Modified", d.Modified())
		return c.JSON(http.StatusOK, d)
	})
	e.PUT("/documents/:id", func(c *echo.Context) error {
		d := s.Document(c.Param("id"))
		if d == nil {
			return echo.NewHTTPError(http.StatusNotFound, "document not found")
		}
		if changed(c.Request().Header, d.Tag()) {
			return echo.NewHTTPError(http.StatusPreconditionFailed, "document has changed")
		}
		var in Update
		if err := c.Bind(&in); err != nil {
			return err
		}
		d = s.Replace(d, in)
		h := c.Response().Header()
		h.Set("ETag", d.Tag())
		h.Set("Last-Modified", d.Modified())
		return c.JSON(http.StatusOK, d)
	})
	return e
}
