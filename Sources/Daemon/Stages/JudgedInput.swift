import Dataflow
import Elements

/// What a judged scorer takes: explanations, and the scores of cheaper nodes that may settle them.
enum JudgedInput: Weighed {
    case explanations(ExplanationBatch)
    case scores(ScoreBatch)

    var byteCount: Int {
        switch self {
        case .explanations(let batch): batch.byteCount
        case .scores(let batch): batch.byteCount
        }
    }

    /// Both streams as one, as they come.
    static func merged(
        _ explanations: FlowSequence<ExplanationBatch>, _ scores: FlowSequence<ScoreBatch>?
    ) -> FlowSequence<JudgedInput> {
        let first = lifted(explanations) { .explanations($0) }
        guard let scores else { return first }
        return Dataflow.merged([first, lifted(scores) { .scores($0) }], capacity: 1 << 20)
    }

    private static func lifted<Batch: Weighed>(
        _ sequence: some AsyncSequence<Flow<Batch>, any Error> & Sendable,
        _ wrap: @escaping @Sendable (Batch) -> JudgedInput
    ) -> FlowSequence<JudgedInput> {
        sequence.map { flow -> Flow<JudgedInput> in
            switch flow {
            case .batch(let batch): .batch(wrap(batch))
            case .barrier(let barrier): .barrier(barrier)
            case .end: .end
            }
        }
    }
}
