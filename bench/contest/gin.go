// gin, with its binding and rendering, and without its logger; the checks are
// made by hand.

package contest

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

func onGin(s *Store) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.GET("/documents/:id", func(c *gin.Context) {
		d := s.Document(c.Param("id"))
		if d == nil {
			c.JSON(http.StatusNotFound, gin.H{"error": "document not found"})
			return
		}
		tag := d.Tag()
		c.Header("ETag", tag)
		if notModified(c.Request.Header, tag, d.UpdatedAt) {
			c.Status(http.StatusNotModified)
			return
		}
		c.Header("Last-Modified", d.Modified())
		c.JSON(http.StatusOK, d)
	})
	router.PUT("/documents/:id", func(c *gin.Context) {
		d := s.Document(c.Param("id"))
		if d == nil {
			c.JSON(http.StatusNotFound, gin.H{"error": "document not found"})
			return
		}
		if changed(c.Request.Header, d.Tag()) {
			c.JSON(http.StatusPreconditionFailed, gin.H{"error": "document has changed"})
			return
		}
		var in Update
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": "bad JSON"})
			return
		}
		d = s.Replace(d, in)
		c.Header("ETag", d.Tag())
		c.Header("Last-Modified", d.Modified())
		c.JSON(http.StatusOK, d)
	})
	return router
}
