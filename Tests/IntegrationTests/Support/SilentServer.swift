import Foundation
import RuleJudgeServer
import Testing

/// A server that takes connections and never says a word.
final class SilentServer {
    private let held: HeldPort
    private var connections: [Int32] = []

    init() throws {
        held = try HeldPort()
        try #require(listen(held.descriptor, 16) == 0)
    }

    var port: Int { held.number }

    /// Waits for a connection and for the first words on it.
    func acceptOne() throws {
        let connection = accept(held.descriptor, nil, nil)
        try #require(connection >= 0)
        connections.append(connection)
        var byte: UInt8 = 0
        try #require(recv(connection, &byte, 1, 0) == 1)
    }

    deinit {
        for connection in connections { close(connection) }
    }
}
