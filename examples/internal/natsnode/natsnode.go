// Package natsnode is the servers of a NATS cluster, with JetStream, on ports of this machine.
package natsnode

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
)

// Start starts one server of a cluster in this process, which keeps its data in a folder. ports are
// those for clients of all servers, and then those for each other.
func Start(index int, ports []int, dir string) (*server.Server, error) {
	nodes := len(ports) / 2
	o := &server.Options{
		ServerName: fmt.Sprint("n", index), Host: "127.0.0.1", Port: ports[index],
		JetStream: true, StoreDir: dir, NoLog: true, NoSigs: true,
		Cluster: server.ClusterOpts{Name: "example", Host: "127.0.0.1", Port: ports[nodes+index]},
	}
	for _, url := range URLs(ports[nodes:]) {
		o.Routes = append(o.Routes, server.RoutesFromStr(url)...)
	}
	s, err := server.NewServer(o)
	if err == nil {
		s.Start()
	}
	return s, err
}

// URLs are those of servers at ports.
func URLs(ports []int) (all []string) {
	for _, port := range ports {
		all = append(all, fmt.Sprintf("nats://127.0.0.1:%d", port))
	}
	return all
}

// IsReady reports whether the servers can keep so many copies. It takes two seconds at most: a
// request that is sent before there is a leader may never be answered.
func IsReady(ctx context.Context, js jetstream.JetStream, copies int) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: "ready", Subjects: []string{"ready"}, Replicas: copies, Storage: jetstream.MemoryStorage,
	})
	return err == nil && js.DeleteStream(ctx, "ready") == nil
}
