// This file is a cluster of three NATS servers, each in its own process.

package cluster

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/restmachine/restmachine-go/examples/internal/local"
	"github.com/restmachine/restmachine-go/examples/internal/natsnode"
)

// nodes is how many servers the cluster has.
const nodes = 3

// A node is what a process needs to be a server of the cluster.
type node struct {
	Index int
	Ports []int // first of all servers for clients, then of all for each other
	Dir   string
}

// run starts the server, and returns when it listens.
func (n *node) run() error {
	_, err := natsnode.Start(n.Index, n.Ports, n.Dir)
	return err
}

// natsCluster is the engine of NATS.
type natsCluster struct {
	nodes     []*node
	processes []*process
	urls      []string
}

func startNATS(ctx context.Context, dir string) (engine, error) {
	ports, err := local.Ports(2 * nodes)
	if err != nil {
		return nil, err
	}
	c := &natsCluster{urls: natsnode.URLs(ports[:nodes])}
	for i := range nodes {
		n := &node{Index: i, Ports: ports, Dir: filepath.Join(dir, fmt.Sprint("nats", i))}
		p, err := start(job{Node: n})
		if err != nil {
			c.close()
			return nil, err
		}
		c.nodes, c.processes = append(c.nodes, n), append(c.processes, p)
	}
	if err := c.settle(ctx); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// settle waits until the servers can place replicas.
func (c *natsCluster) settle(ctx context.Context) error {
	js, conn, err := connectNATS(c.urls)
	if err != nil {
		return err
	}
	defer conn.Close()
	return until(ctx, "the servers of NATS", func() bool { return natsnode.IsReady(ctx, js, nodes) })
}

func (c *natsCluster) source(i int) source {
	return source{"nats", append(append([]string{}, c.urls[i%nodes:]...), c.urls[:i%nodes]...)}
}

// disturb kills the leader of the bucket, or any server, and starts it again when the others have
// had to go on without it.
func (c *natsCluster) disturb(ctx context.Context, r *rand.Rand) (string, error) {
	victim := r.IntN(nodes)
	what := "servers of NATS"
	if leader := c.leader(ctx); leader >= 0 {
		victim, what = leader, "leaders of NATS"
	}
	c.processes[victim].kill()
	if err := c.elected(ctx, victim); err != nil {
		return what, err
	}
	p, err := start(job{Node: c.nodes[victim]})
	if err != nil {
		return what, err
	}
	c.processes[victim] = p
	return what, c.caughtUp(ctx)
}

// state returns what the leader says of the bucket's replicas, or nil if there is not a leader.
func (c *natsCluster) state(ctx context.Context) *jetstream.ClusterInfo {
	js, conn, err := connectNATS(c.urls)
	if err != nil {
		return nil
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	s, err := js.Stream(ctx, "KV_"+table)
	if err != nil {
		return nil
	}
	return s.CachedInfo().Cluster
}

// leader returns the server that leads the bucket, or -1.
func (c *natsCluster) leader(ctx context.Context) int {
	if info := c.state(ctx); info != nil {
		for _, n := range c.nodes {
			if info.Leader == fmt.Sprint("n", n.Index) {
				return n.Index
			}
		}
	}
	return -1
}

// elected waits until a server other than the killed one leads.
func (c *natsCluster) elected(ctx context.Context, killed int) error {
	return until(ctx, "another leader", func() bool {
		now := c.leader(ctx)
		return now >= 0 && now != killed
	})
}

// caughtUp waits until all servers have all records. A cluster of three bears the loss of one.
func (c *natsCluster) caughtUp(ctx context.Context) error {
	return until(ctx, "a server that catches up", func() bool {
		info := c.state(ctx)
		if info == nil || info.Leader == "" || len(info.Replicas) != nodes-1 {
			return false
		}
		for _, r := range info.Replicas {
			if !r.Current || r.Offline {
				return false
			}
		}
		return true
	})
}

func (c *natsCluster) close() {
	for _, p := range c.processes {
		p.kill()
	}
}

// until waits for something that the cluster does by itself.
func until(ctx context.Context, what string, done func() bool) error {
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		if ctx.Err() != nil || time.Now().After(end) {
			return errors.Join(fmt.Errorf("waited in vain for %s", what), ctx.Err())
		}
	}
	return nil
}
