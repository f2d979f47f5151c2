/// Reads the entries under `models:`.
struct ModelReader {
    let reader: FieldReader

    static let fileFields: [FieldSchema] = [
        .required("path", .path, "The model's file or directory."),
        .optional(
            "bos", .string, default: "auto",
            "How contexts begin: a token, `none`, or `auto` for the model file's own rule."),
        .optional(
            "activations", .word(JudgeActivations.allCases.map(\.rawValue)), default: "int8",
            "How the model computes where it explains or judges: `int8` rounds activations before products with weights of 4 to 8 bits, which is about twice as fast; `f32` keeps them. As the subject it always keeps them."
        ),
    ]

    static let tokenizerFields: [FieldSchema] = [
        .required("tokenizer", .path, "A `tokenizer.json`, a folder that holds one, or a GGUF file."),
        .optional(
            "bos", .string, default: "auto",
            "How contexts begin: a token, `none`, or `auto` for the tokenizer's own rule."),
    ]

    static let endpointFields: [FieldSchema] = [
        .required("openai", .string, "The base URL of an OpenAI-compatible server, such as `https://host/v1`."),
        .required("model", .string, "The model's name on the server."),
        .optional("concurrency", .integer(1...1024), default: "4", "The most requests under way at once."),
        .optional("timeout", .duration, default: "60s", "How long one request may take."),
        .optional("retries", .integer(0...100), default: "5", "How often a failed request is tried again."),
        .optional(
            "token_limit_field", .word(["max_tokens", "max_completion_tokens"]), default: "max_tokens",
            "The field that bounds an answer's tokens; newer OpenAI models want `max_completion_tokens`."),
        .optional(
            "temperature", .word(["0", "none"]), default: "0",
            "Whether temperature 0 is asked for (another one for answers that are drawn), or none is sent, for models that take their own only."
        ),
        .optional(
            "prefill", .word(["trailing-message", "continue-final-message", "none"]), default: "trailing-message",
            "How the server is told with what an answer starts: by a last message of the assistant, by the same with vLLM's fields for it, or not at all."
        ),
        .optional(
            "likeliest_tokens", .integer(2...100), default: "20",
            "How many of the likeliest tokens are asked for where log-probabilities are."),
        .optional(
            "thinking_tokens", .integer(0...1_000_000), default: "4096",
            "The tokens that an answer may have besides its own once the model was seen to think; 0 for none."),
        .optional(
            "extra", .members,
            "Further members of a chat request's body, such as `{ reasoning_effort: low }`; they go before Gloss' own of the same name."
        ),
        .optional(
            "prompt_cache_key", .boolean, default: "false",
            "Whether prompts that begin alike carry the same `prompt_cache_key`, so that OpenAI sends them where their start is in the cache."
        ),
        .optional(
            "batch", .boolean, default: "false",
            "Whether chats are asked by batches (`/v1/batches`): at about half the price, within a day."),
        .optional(
            "batch_collect", .duration, default: "60s",
            "With `batch`: the longest time for which questions are collected before they are sent."),
        .optional(
            "batch_requests", .integer(1...50_000), default: "10000", "With `batch`: the most questions of one batch."),
        .optional(
            "price_input", .number(0...1e9),
            "What a million tokens sent cost; any currency, the same for all models of a topology."),
        .optional("price_output", .number(0...1e9), "What a million tokens answered with cost; 0 where not given."),
        .optional(
            "price_cached", .number(0...1e9),
            "What a million tokens sent cost that the server had in its prefix cache; by default as much as others."),
        .optional(
            "batch_discount", .number(0...1), default: "0.5",
            "The part of these prices that batches save: 0.5 where they cost half."),
    ]

    /// Reads one entry; `nil` if it is faulty, and the reason is added to the findings.
    func entry(_ entry: MarkedEntry, into findings: inout Findings) -> ModelEntry? {
        if !Names.isName(entry.name) {
            findings.add(
                .badName, at: entry.mark, "\(entry.name.quoted) cannot name a model", help: "names are \(Names.form)")
        }
        let name = "the model \(entry.name.quoted)"
        guard let fields = entry.value.entries else {
            findings.add(
                .wrongType, at: entry.value.mark, "\(name) must be a mapping of fields\(entry.value.contrast)")
            return nil
        }
        let owner = FieldOwner(name: name, mark: entry.mark, unknown: .unknownKey, missing: .missingKey)
        let names = Set(fields.map(\.name))
        let forms = ["path", "openai", "tokenizer"]
        switch forms.filter(names.contains) {
        case ["path"]:
            return file(fields, pathField: "path", by: Self.fileFields, owner: owner, into: &findings).map { .file($0) }
        case ["openai"]:
            return endpoint(fields, owner: owner, into: &findings).map { .openAI($0) }
        case ["tokenizer"]:
            return file(fields, pathField: "tokenizer", by: Self.tokenizerFields, owner: owner, into: &findings)
                .map { .file($0) }
        case []:
            let meant = fields.lazy.compactMap { NearestName.find($0.name, among: forms) }.first
            findings.add(
                .badModel, at: entry.mark, "\(name) has none of `path`, `openai` and `tokenizer`",
                help: meant.map { "did you mean `\($0)`?" }
                    ?? "give `path` for a model file, `openai` for a server, or `tokenizer` for a subject that runs elsewhere"
            )
        case let given:
            findings.add(
                .badModel, at: entry.mark, "\(name) has \(given.count == 2 ? "both " : "")\(Self.phrase(given))",
                help: given.count == 2 ? "take one of them out" : "leave one of them")
        }
        return nil
    }

    /// Names of fields, joined by "and".
    private static func phrase(_ names: [String]) -> String {
        let quoted = names.map { "`\($0)`" }
        return quoted.dropLast().joined(separator: ", ") + " and " + (quoted.last ?? "")
    }

    private func file(
        _ entries: [MarkedEntry], pathField: String, by schemas: [FieldSchema], owner: FieldOwner,
        into findings: inout Findings
    ) -> ModelFile? {
        let fields = reader.read(entries, by: schemas, others: [], owner: owner, into: &findings)
        guard let path = fields.values[pathField]?.text, let bos = fields.values["bos"]?.text else { return nil }
        var activations = JudgeActivations.int8
        if schemas.contains(where: { $0.name == "activations" }) {
            guard let given = fields.values["activations"]?.text.flatMap(JudgeActivations.init) else { return nil }
            activations = given
        }
        let mark = fields.marks[pathField]?.first ?? owner.mark
        let rule: BOSRule =
            switch bos {
            case "auto": .auto
            case "none": .none
            default: .token(bos)
            }
        return ModelFile(
            path: path, hasWeights: pathField == "path", bos: rule, activations: activations, mark: mark,
            bosMark: fields.marks["bos"]?.first ?? mark, marks: fields.marks.compactMapValues(\.first))
    }

    private func endpoint(
        _ entries: [MarkedEntry], owner: FieldOwner, into findings: inout Findings
    ) -> ModelEndpoint? {
        let fields = reader.read(entries, by: Self.endpointFields, others: ["api_key"], owner: owner, into: &findings)
        var key: Secret?
        if let entry = entries.first(where: { $0.name == "api_key" }) {
            key = reader.secret(of: entry, subject: "`api_key` of \(owner.name)", into: &findings)
        }
        let mark = fields.marks["openai"]?.first ?? owner.mark
        if let url = fields.values["openai"]?.text, !Names.isURL(url) {
            findings.add(
                .badAddress, at: mark, "`openai` of \(owner.name) is not an `http` or `https` URL",
                help: "write the base URL of the server, such as `https://host/v1`")
        }
        guard let form = form(fields, owner: owner, into: &findings), let url = fields.values["openai"]?.text,
            let model = fields.values["model"]?.text,
            case .integer(let concurrency) = fields.values["concurrency"],
            case .milliseconds(let timeout) = fields.values["timeout"],
            case .integer(let retries) = fields.values["retries"]
        else { return nil }
        var marks = fields.marks.compactMapValues(\.first)
        marks["api_key"] = entries.first { $0.name == "api_key" }?.value.mark
        return ModelEndpoint(
            url: url, model: model, apiKey: key, concurrency: concurrency, timeoutMilliseconds: timeout,
            retries: retries, form: form, batches: batches(fields),
            prices: prices(fields, owner: owner, into: &findings), mark: mark, marks: marks)
    }

    private func batches(_ fields: ReadFields) -> BatchForm? {
        guard case .boolean(true) = fields.values["batch"],
            case .milliseconds(let collect) = fields.values["batch_collect"],
            case .integer(let requests) = fields.values["batch_requests"]
        else { return nil }
        return BatchForm(collectMilliseconds: collect, requests: requests)
    }

    private func form(_ fields: ReadFields, owner: FieldOwner, into findings: inout Findings) -> RequestForm? {
        var extra: [String: String] = [:]
        if case .members(let members) = fields.values["extra"] { extra = members }
        if let taken = extra.keys.sorted().first(where: Self.taken.contains) {
            findings.add(
                .reservedSetting, at: fields.marks["extra"]?.first ?? owner.mark,
                "`extra` of \(owner.name) holds `\(taken)`, which Gloss says itself in each request",
                help: "take it out")
        }
        guard let limit = fields.values["token_limit_field"]?.text,
            let temperature = fields.values["temperature"]?.text, let prefill = fields.values["prefill"]?.text,
            case .integer(let likeliest) = fields.values["likeliest_tokens"],
            case .integer(let thinking) = fields.values["thinking_tokens"]
        else { return nil }
        var form = RequestForm(
            tokenLimitField: limit, sendsTemperature: temperature != "none", prefill: prefill,
            likeliestTokens: likeliest, thinkingTokens: thinking, extra: extra)
        if case .boolean(true) = fields.values["prompt_cache_key"] { form.sendsCacheKey = true }
        return form
    }

    /// Members of a request on whose meaning what is done with its answer rests.
    private static let taken: Set<String> = [
        "model", "messages", "stream", "logprobs", "top_logprobs", "n", "tools", "functions", "prompt", "echo",
    ]

    private func prices(_ fields: ReadFields, owner: FieldOwner, into findings: inout Findings) -> TokenPrices? {
        func price(_ field: String) -> Double? {
            guard case .number(let price) = fields.values[field] else { return nil }
            return price
        }
        guard let input = price("price_input") else {
            if let stray = ["price_output", "price_cached"].lazy.compactMap({ fields.marks[$0]?.first }).first {
                findings.add(
                    .missingKey, at: stray, "\(owner.name) has a price, but no `price_input`",
                    help: "say what a million tokens sent cost, `price_input: 0` where nothing")
            }
            return nil
        }
        return TokenPrices(
            input: input, output: price("price_output") ?? 0, cached: price("price_cached") ?? input,
            batchDiscount: price("batch_discount") ?? 0.5)
    }
}
