import Dataflow

/// Numbers that cross an edge, 8 bytes each.
struct Numbers: Weighed, Equatable {
    let values: [Int]
    var byteCount: Int { 8 * values.count }

    init(_ values: Int...) { self.values = values }
    init(values: [Int]) { self.values = values }
}

/// What a test throws to see where it comes out.
struct Broken: Error {}

extension Flow where Batch == Numbers {
    /// What it is, in words.
    var words: String {
        switch self {
        case .batch(let batch): "\(batch.values)"
        case .barrier(let barrier): "barrier \(barrier.epoch) \(barrier.isCaughtUp)"
        }
    }

    static func numbers(_ values: Int...) -> Self { .batch(Numbers(values: values)) }
    static func cut(_ epoch: UInt64, caughtUp: Bool = false) -> Self {
        .barrier(Barrier(epoch: epoch, isCaughtUp: caughtUp))
    }
}

/// All that a port receives, in words; after the end `end`.
func words(_ port: InputPort<Numbers>) async throws -> [String] {
    var words: [String] = []
    for try await flow in port { words.append(flow.words) }
    return words + ["end"]
}

/// Sends flows into a port and ends it.
func feed(_ flows: [Flow<Numbers>], to connections: Connection<Numbers>...) async throws {
    let output = OutputPort<Numbers>(timers: StageTimers(node: "feed"))
    for connection in connections { output.connect(to: connection) }
    try await output.whole { for flow in flows { try await output.send(flow) } }
}

/// What a stage sends when it is given some flows, in words.
func words(of stage: some Stage<Numbers, Numbers>, given flows: [Flow<Numbers>]) async throws -> [String] {
    let timers = StageTimers(node: "test")
    let (input, output) = (InputPort<Numbers>(capacity: 64, timers: timers), OutputPort<Numbers>(timers: timers))
    let sink = InputPort<Numbers>(capacity: 64, timers: StageTimers(node: "sink"))
    output.connect(to: sink.connect())
    let connection = input.connect()
    async let fed: Void = feed(flows, to: connection)
    async let ran: Void = output.whole { try await stage.run(from: input, into: output) }
    let received: [String]
    do {
        received = try await words(sink)
    } catch {
        // The feeder may be stuck at a stage that has failed.
        input.abandon()
        _ = try? await (fed, ran)
        throw error
    }
    _ = try await (fed, ran)
    return received
}
