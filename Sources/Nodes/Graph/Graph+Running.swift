import LanguageModels
package import LinearAlgebra
package import Running
package import Sinks

extension Graph {
    /// The ids of the sources.
    package var sources: Set<String> { Set(all((any ReadsRecords).self).map(\.id)) }

    /// How contexts are batched so that what is computed for a token does not depend on its neighbours; opens models.
    package func batchMode() throws -> BatchMode {
        for node in all((any RunsSubject).self) {
            if try model(node.model).batchMode() == .perContext { return .perContext }
        }
        return .ragged
    }

    /// The sinks, opened, by node.
    ///
    /// - Throws: If the settings of one cannot be used.
    package func openSinks(_ options: RunOptions, outages: Outages) throws -> [String: any ResultSink] {
        var sinks: [String: any ResultSink] = [:]
        for sink in all((any TakesResults).self) {
            sinks[sink.id] = try sink.open(in: self, options: options, outages: outages)
        }
        return sinks
    }
}
