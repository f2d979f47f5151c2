import Dataflow

@testable import Stages

/// What a stage sends, given what it receives.
func results<Operator: Stage>(
    of stage: Operator, given flows: [Flow<Operator.Input>], timers: StageTimers = StageTimers(node: "test")
) async throws -> [Flow<Operator.Output>] {
    let feeder = OutputPort<Operator.Input>(timers: StageTimers(node: "feeder"))
    let input = InputPort<Operator.Input>(capacity: 1 << 20, timers: timers)
    let output = OutputPort<Operator.Output>(timers: timers)
    let sink = InputPort<Operator.Output>(capacity: 1 << 20, timers: StageTimers(node: "sink"))
    feeder.connect(to: input.connect())
    output.connect(to: sink.connect())
    async let fed: Void = feeder.whole { for flow in flows { try await feeder.send(flow) } }
    async let ran: Void = output.whole { try await stage.run(from: input, into: output) }
    var results: [Flow<Operator.Output>] = []
    for try await flow in sink { results.append(flow) }
    _ = try await (fed, ran)
    return results
}
