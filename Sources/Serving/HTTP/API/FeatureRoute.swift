import Dataflow
import Elements
import Hummingbird
import JSONText
import LatentSheets
import Neuronpedia
import Store

/// `/api/feature/{model}/{source}/{index}`: a latent in the form of Neuronpedia's own answer, so that a notebook that reads it
/// there reads it here.
struct FeatureRoute: Sendable {
    let state: ServedState
    let pool: ComputePool<Void>

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/feature/{model}/{source}/{index}") { _, context in
            guard let sheets = state.served?.sheets else { return Answer.starting }
            let (name, index) = (context.parameters.get("source") ?? "", context.parameters.get("index") ?? "")
            guard let key = SheetAnswers.key(coder: name, latent: index, sheets) else {
                return SheetAnswers.missing(coder: name, sheets)
            }
            let source = PublishedSource(model: context.parameters.get("model") ?? "", name: name)
            return Answer.json(
                try await pool.run { _ in
                    guard let sheet = try sheets.reader.sheet(of: key) else { return "null" }
                    let text = PublishedText(sheets.reader.coder(key.coder)?.tokenDecoder)
                    return try SortedJSON.text(
                        of: FeatureAnswer(sheet, in: source, judge: "gloss", text: text.text))
                })
        }
    }
}
