// This file gives a test a cluster of three NATS servers. They run in the process of the test.

package main

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
)

const nodes = 3

// inCluster is for replicas on a NATS cluster, of which each server keeps each counter.
func inCluster(t *testing.T) (args []string) {
	ports := freePorts(t, 2*nodes)
	var urls []string
	for i := range nodes {
		o := &server.Options{
			ServerName: fmt.Sprint("n", i), Host: "127.0.0.1", Port: ports[i], JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true,
			Cluster: server.ClusterOpts{Name: "replicas", Host: "127.0.0.1", Port: ports[nodes+i]},
		}
		for _, port := range ports[nodes:] {
			o.Routes = append(o.Routes, server.RoutesFromStr(fmt.Sprintf("nats://127.0.0.1:%d", port))...)
		}
		s, err := server.NewServer(o)
		require.NoError(t, err)
		s.Start()
		t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
		urls = append(urls, fmt.Sprintf("nats://127.0.0.1:%d", ports[i]))
	}
	all := strings.Join(urls, ",")
	settle(t, all)
	return []string{"-nats", all, "-copies", fmt.Sprint(nodes)}
}

// settle waits until the servers have a leader and can place copies.
func settle(t *testing.T, urls string) {
	conn, err := nats.Connect(urls, nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1))
	require.NoError(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, err := js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: "ready", Subjects: []string{"ready"}, Replicas: nodes, Storage: jetstream.MemoryStorage})
		return err == nil
	}, time.Minute, 100*time.Millisecond, "the servers are not ready")
	require.NoError(t, js.DeleteStream(t.Context(), "ready"))
}

// freePorts returns ports that nobody uses.
func freePorts(t *testing.T, n int) (all []int) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		all = append(all, l.Addr().(*net.TCPAddr).Port)
	}
	return all
}
