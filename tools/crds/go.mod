module gridramp/tools/crds

go 1.26

require (
	github.com/prometheus-operator/prometheus-operator v0.86.1
	istio.io/api v1.28.0
	sigs.k8s.io/karpenter v1.8.0
)
