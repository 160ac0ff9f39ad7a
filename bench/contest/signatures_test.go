package contest

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestSignatures keeps the files by which restmachine calls without reflection.
func TestSignatures(t *testing.T) {
	restmachinetest.Signatures(t, ours(NewStore()), "signatures_gen.go")
	restmachinetest.Signatures(t, manyOurs(1), "signatures_many_gen.go")
}
