import LanguageModels
package import LinearAlgebra
package import Running
package import Sinks

extension Graph {
    /// The ids of the sources.
    package var sources: Set<String> { Set(all((any ReadsRecords).self).map(\.id)) }

    /// The stage through which all that the sources give passes once, so that barriers can be put in after it.
    ///
    /// `nil` if there is none: where documents go to several stages, only the sources have one place for a cut.
    var cut: (any RunsSubject)? {
        let forwards = all((any RunsSubject).self)
        guard let forward = forwards.first, forwards.count == 1 else { return nil }
        let isOnTheWay = { (definition: any NodeDefinition) in definition.id == forward.id }
        let readsOnce = all((any ReadsRecords).self).allSatisfy { source in
            let readers = readers(of: source.node)
            guard readers.count == 1, let cutter = readers.first as? any CutsContexts else { return false }
            let next = self.readers(of: cutter.node)
            return next.count == 1 && next.allSatisfy(isOnTheWay)
        }
        return readsOnce ? forward : nil
    }

    /// The nodes that put barriers into what they send: the sources, or the stage after which all of them are cut.
    package var barrierNodes: Set<String> { cut.map { [$0.id] } ?? sources }

    /// How contexts are batched so that what is computed for a token does not depend on its neighbours; opens models.
    package func batchMode() throws -> BatchMode {
        for node in all((any RunsSubject).self) {
            if try model(node.model).batchMode() == .perContext { return .perContext }
        }
        return .ragged
    }

    /// The sinks, or some of them, opened, by node.
    ///
    /// - Throws: If the settings of one cannot be used.
    package func openSinks(
        _ options: RunOptions, outages: Outages, only names: Set<String>? = nil
    ) throws -> [String: any ResultSink] {
        var sinks: [String: any ResultSink] = [:]
        for sink in all((any TakesResults).self) where names?.contains(sink.id) ?? true {
            sinks[sink.id] = try sink.open(in: self, options: options, outages: outages)
        }
        return sinks
    }
}
