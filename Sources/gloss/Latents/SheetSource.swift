import ArgumentParser
import AsyncHTTPClient
import Foundation
import LatentSheets
import NIOHTTP1
import Serving
import Store

/// Where sheets come from: a daemon over HTTP, or a state directory.
enum SheetSource {
    /// A daemon's address.
    case daemon(String, token: String?)
    /// A state directory, and the topology file if it is given.
    case directory(String, topology: String?)

    /// Tells them apart: an address begins with `http://` or `https://`.
    init(_ place: String, topology: String?) {
        let isAddress = place.hasPrefix("http://") || place.hasPrefix("https://")
        self =
            isAddress
            ? .daemon(
                place.hasSuffix("/") ? String(place.dropLast()) : place,
                token: ProcessInfo.processInfo.environment["GLOSS_TOKEN"])
            : .directory(place, topology: topology)
    }

    /// The sheet of a latent with about `examples` examples of each kind.
    ///
    /// - Throws: `OneStageError` saying which latents there are if there is none of the name; `StoreError`.
    func sheet(of key: LatentKey, examples: Int) async throws -> LatentSheet {
        switch self {
        case .daemon(let address, let token):
            let path = "/api/v1/latents/\(key.coder)/\(key.latent)?examples=\(examples)"
            return try SheetJSON.value(
                LatentSheet.self, from: try await Self.get(address, path, token: token))
        case .directory(let directory, let topology):
            let stored = try StoredSheets(directory: directory, topology: topology, about: key) {
                Notice.write("show", $0)
            }
            guard let sheet = try stored.sheets.reader.sheet(of: key, counts: .each(examples)) else {
                throw OneStageError(
                    "\(directory) has no latent \(key.coder)/\(key.latent): \(stored.sheets.latents(of: key.coder))",
                    .data)
            }
            return sheet
        }
    }

    /// What a daemon answers at a path.
    ///
    /// - Throws: `OneStageError` in the daemon's own words, or that it cannot be reached.
    static func get(_ address: String, _ path: String, token: String?) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: address + path)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        let answer = try await DaemonClient.send(request, to: address, within: 60, upTo: 64 << 20)
        guard answer.status == .ok else { throw OneStageError("\(address): \(answer.refusal)", .data) }
        return answer.body
    }
}
