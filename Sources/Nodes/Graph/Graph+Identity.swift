import Hashing
package import Store
import Topology

extension Graph {
    /// The identity of a state directory: reservoirs depend on the stages above them, not on the documents' source.
    package func storeIdentity() throws -> TopologyIdentity {
        var digests: [String: Hash128] = [:]
        var settings: [String: [StateSetting]] = [:]
        for sampler in all((any Samples).self) {
            var identity = StateIdentity()
            try describe(sampler, into: &identity)
            digests[sampler.id] = identity.digest
            settings[sampler.id] = identity.settings
        }
        return TopologyIdentity(name: topology.name, digest: topology.digest, nodes: digests, settings: settings)
    }

    private func describe(_ definition: any NodeDefinition, into identity: inout StateIdentity) throws {
        identity.begin(definition)
        try definition.identify(into: &identity, in: self)
        for input in inputs(of: definition.node).sorted(by: { $0.id < $1.id }) {
            try describe(input, into: &identity)
        }
    }
}
