package main

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestDoc(t *testing.T) { restmachinetest.CheckDocument(t, New()) }
