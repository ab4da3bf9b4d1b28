module event-relays

go 1.25.11

require (
	github.com/placeholder--owner/pulumi-livepull/sdk/go v0.1.0
	github.com/pulumi/pulumi/sdk/v3 v3.255.0
)

replace github.com/placeholder--owner/pulumi-livepull/sdk/go => ./sdks/livepull
