import Foundation
import Testing

/// What many tests have the program do.
extension GlossProgram {
    /// Feeds a file to a topic of a broker, which is made if it is not there.
    func feed(
        _ file: String, to topic: String = "corpus", at broker: String, partitions: Int, options: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let fed = try run(
            ["feed", file, "--brokers", broker, "--topic", topic, "--partitions", "\(partitions)"] + options)
        try #require(fed.status == 0, "\(fed.errors)", sourceLocation: sourceLocation)
    }

    /// Serves a state directory at a free port, from when this returns until `serving` is gone.
    func serve(
        _ state: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> (serving: RunningGloss, address: String) {
        let port = try Ports.free()
        let address = "http://127.0.0.1:\(port)"
        let serving = try RunningGloss(self, ["serve", state, "--address", "127.0.0.1:\(port)"])
        try #require(serving.says("the pages are at \(address)/"), sourceLocation: sourceLocation)
        return (serving, address)
    }
}

extension GlossProgram.Outcome {
    /// The output's lines, each of which is a value in JSON.
    func lines<Value: Decodable>(as type: Value.Type) throws -> [Value] {
        try output.split(separator: "\n").map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
}
