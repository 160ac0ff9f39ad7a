package main

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestSignatures keeps signatures_gen.go, which spares requests the calls by reflection.
func TestSignatures(t *testing.T) {
	restmachinetest.Signatures(t, New("unused.db"), "signatures_gen.go")
}
