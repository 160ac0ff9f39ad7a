// This file gives a test a cluster of three NATS servers. They run in the process of the test.

package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/local"
	"github.com/restmachine/restmachine-go/examples/internal/natsnode"
)

const nodes = 3

// inCluster is for replicas on a NATS cluster, of which each server keeps each counter.
func inCluster(t *testing.T) (args []string) {
	ports, err := local.Ports(2 * nodes)
	require.NoError(t, err)
	for i := range nodes {
		s, err := natsnode.Start(i, ports, t.TempDir())
		require.NoError(t, err)
		t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	}
	urls := strings.Join(natsnode.URLs(ports[:nodes]), ",")
	conn, err := nats.Connect(urls, nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1))
	require.NoError(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return natsnode.IsReady(t.Context(), js, nodes) },
		time.Minute, 100*time.Millisecond, "the servers are not ready")
	return []string{"-nats", urls, "-copies", fmt.Sprint(nodes)}
}
