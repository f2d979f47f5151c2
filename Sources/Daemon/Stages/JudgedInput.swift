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
}
