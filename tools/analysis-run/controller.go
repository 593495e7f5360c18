package main

import (
	"context"
	"iter"
	"time"

	"github.com/argoproj/argo-rollouts/analysis"
	"github.com/argoproj/argo-rollouts/controller/metrics"
	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/pkg/client/clientset/versioned/fake"
	informers "github.com/argoproj/argo-rollouts/pkg/client/informers/externalversions"
	"github.com/argoproj/argo-rollouts/utils/record"
	timeutil "github.com/argoproj/argo-rollouts/utils/time"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	kubeinformers "k8s.io/client-go/informers"
	kubefake "k8s.io/client-go/kubernetes/fake"
	k8srecord "k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/workqueue"
)

// ControllerStarts is how long its caches may take, in the bubble's time.
const controllerStarts = time.Minute

// Resync as the controller's flag has it by default. Not 0: an informer that never resyncs waits on a channel of no bubble.
const resync = 15 * time.Minute

// Controller is Argo's own, with its own informers and work queue, on an API server in memory.
type controller struct {
	client *fake.Clientset
	stop   func()
}

func startController() controller {
	client, kube := fake.NewSimpleClientset(), kubefake.NewSimpleClientset()
	ours, theirs := informers.NewSharedInformerFactory(client, resync), kubeinformers.NewSharedInformerFactory(kube, resync)
	argo := ours.Argoproj().V1alpha1()
	queue := workqueue.NewRateLimitingQueue(workqueue.DefaultControllerRateLimiter())
	argos := analysis.NewController(analysis.ControllerConfig{
		KubeClientSet:        kube,
		ArgoProjClientset:    client,
		AnalysisRunInformer:  argo.AnalysisRuns(),
		JobInformer:          theirs.Batch().V1().Jobs(),
		JobPodsInformer:      theirs.Core().V1().Pods(),
		AnalysisRunWorkQueue: queue,
		MetricsServer: metrics.NewMetricsServer(metrics.ServerConfig{
			AnalysisRunLister:             argo.AnalysisRuns().Lister(),
			AnalysisTemplateLister:        argo.AnalysisTemplates().Lister(),
			ClusterAnalysisTemplateLister: argo.ClusterAnalysisTemplates().Lister(),
			K8SRequestProvider:            &metrics.K8sRequestsCountProvider{},
		}),
		Recorder: nobody{},
	})
	ctx, cancel := context.WithCancel(context.Background())
	ours.Start(ctx.Done())
	theirs.Start(ctx.Done())
	ours.WaitForCacheSync(ctx.Done())
	theirs.WaitForCacheSync(ctx.Done())
	// A look at the clock takes a moment, here as anywhere: Argo asks again and again whether an instant has passed that is just now.
	timeutil.SetNowTimeFunc(func() time.Time {
		time.Sleep(time.Microsecond)
		return time.Now()
	})
	ended := make(chan error)
	go func() { ended <- argos.Run(ctx, 1) }()
	return controller{client, func() {
		cancel()
		queue.ShutDown()
		<-ended
		ours.Shutdown()
		theirs.Shutdown()
	}}
}

// CarryOut creates the run and gives each state it gets into, until it has completed or the context has ended.
func (c controller) carryOut(ctx context.Context, run *v1alpha1.AnalysisRun) iter.Seq[*v1alpha1.AnalysisRun] {
	runs := c.client.ArgoprojV1alpha1().AnalysisRuns(namespace)
	return func(yield func(*v1alpha1.AnalysisRun) bool) {
		watch, err := runs.Watch(ctx, metav1.ListOptions{})
		if err == nil {
			_, err = runs.Create(ctx, run, metav1.CreateOptions{})
		}
		if err != nil {
			panic(err)
		}
		defer watch.Stop()
		for {
			select {
			case event := <-watch.ResultChan():
				updated, known := event.Object.(*v1alpha1.AnalysisRun)
				if !known {
					panic(event)
				}
				if !yield(updated) || updated.Status.Phase.Completed() {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// Nobody hears events: what they say stands in the run.
type nobody struct{}

func (nobody) Eventf(runtime.Object, record.EventOptions, string, ...any) {}
func (nobody) Warnf(runtime.Object, record.EventOptions, string, ...any)  {}
func (nobody) K8sRecorder() k8srecord.EventRecorder                       { return nil }
