import Dataflow
package import Elements

/// The input of a judged scorer: explanations, and the scores of cheaper nodes that may settle them.
package enum JudgedInput: Weighed {
    case explanations(ExplanationBatch)
    case scores(ScoreBatch)

    package var elementCount: Int {
        switch self {
        case .explanations(let batch): batch.elementCount
        case .scores(let batch): batch.elementCount
        }
    }

    package var byteCount: Int {
        switch self {
        case .explanations(let batch): batch.byteCount
        case .scores(let batch): batch.byteCount
        }
    }
}
