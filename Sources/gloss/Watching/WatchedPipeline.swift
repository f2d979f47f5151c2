import Foundation
import Nodes
import PipelineSheets
import Serving
import StateNotes
import Store

/// What is happening in a topology, from wherever that is told.
enum WatchedPipeline {
    /// The sheet of a topology file alone.
    static func sheet(ofFile path: String) throws -> PipelineSheet {
        let (graph, text) = try TopologyLoading.loadText(path)
        return graph.pipelineSheet(text: text)
    }

    /// What a daemon tells, or what a state directory, or all shares in one, says of a topology on which none is asked.
    ///
    /// - Throws: `OneStageError` if there is no topology, or the daemon refuses.
    static func sheet(at source: SheetSource) async throws -> PipelineSheet {
        switch source {
        case .daemon(let address, let token):
            return try SheetJSON.value(
                PipelineSheet.self, from: try await SheetSource.get(address, "/api/v1/pipeline", token: token))
        case .directory(let directory, let topology):
            let reader = try Store.joinedReader(directory: directory)
            var sheet = try graphAlone(in: reader, directory: directory, topology: topology)
            try StoredCounts(of: reader).fill(&sheet)
            try fillAway(&sheet, from: reader)
            return sheet
        }
    }

    private static func graphAlone(
        in reader: StoreReader, directory: String, topology: String?
    ) throws -> PipelineSheet {
        if let topology { return try sheet(ofFile: topology) }
        guard let stored = try StoredTopology(in: reader) else {
            throw OneStageError(
                "\(directory) does not say by which topology it was made: give the topology file instead", .missing)
        }
        return stored.graph.pipelineSheet(text: stored.text)
    }

    /// A daemon that works on a state notes there which servers are away.
    private static func fillAway(_ sheet: inout PipelineSheet, from reader: StoreReader) throws {
        let away = try AwayServers.all(in: reader)
        let now = Date()
        for place in sheet.nodes.indices {
            guard let model = sheet.nodes[place].models.first(where: { away[$0] != nil }), let since = away[model]
            else {
                continue
            }
            sheet.nodes[place].away = PipelineAway(
                model: model, since: Date(timeIntervalSince1970: Double(since) / 1000), at: now)
        }
    }
}
