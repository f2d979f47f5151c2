import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Nodes
import Topology

extension SheetSource {
    /// Where to look for what a person names: a daemon's address, a state directory, or a topology file, whose daemon is
    /// asked if it answers, and whose state directory is read if it does not.
    ///
    /// - Throws: `ExitCode(78)` if a topology file has errors, after they have been printed.
    static func found(at place: String, topology: String? = nil) async throws -> SheetSource {
        let source = SheetSource(place, topology: topology)
        var isDirectory: ObjCBool = false
        guard case .directory = source, FileManager.default.fileExists(atPath: place, isDirectory: &isDirectory),
            !isDirectory.boolValue
        else { return source }
        let graph = try TopologyLoading.loadText(place).graph
        if let settings = graph.topology.httpSettings, let address = address(of: settings), await answers(address) {
            let token = ProcessInfo.processInfo.environment["GLOSS_TOKEN"]
            return .daemon(address, token: try token ?? settings.token?.reveal())
        }
        return .directory(graph.topology.state.directory, topology: topology ?? place)
    }

    /// The name of the place, for a person.
    var name: String {
        switch self {
        case .daemon(let address, _): address
        case .directory(let directory, _): directory
        }
    }

    /// Where a daemon can be asked from this machine; `nil` if its port is not known.
    private static func address(of settings: HTTPSettings) -> String? {
        guard settings.port > 0 else { return nil }
        let host = ["0.0.0.0", "::"].contains(settings.host) ? "127.0.0.1" : settings.host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(settings.port)"
    }

    private static func answers(_ address: String) async -> Bool {
        let response = try? await DaemonClient.client.execute(
            HTTPClientRequest(url: address + "/livez"), timeout: .seconds(2))
        return response?.status == .ok
    }
}
