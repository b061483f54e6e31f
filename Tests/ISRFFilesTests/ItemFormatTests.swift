import ISRFData
import ISRFFiles
import Testing

@Suite("Items, format by format")
struct ItemFormatTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func item(_ name: String, _ text: String, format: ItemFileFormat? = nil) throws -> Item {
        let file = try scratch.items(name, text, format: format)
        try #require(file.catalogue.count == 1)
        return file.catalogue[0]
    }

    @Test("Every format is found and gives the same items", arguments: ItemSample.all)
    func everyFormat(sample: ItemSample) throws {
        let found = try scratch.items(sample.name, sample.text)
        #expect(found.format == sample.format)
        #expect(found.skipped.isEmpty)
        #expect(found.catalogue.items.map(\.id) == ItemSample.identifiers)
        #expect(found.catalogue.items.map(\.title) == ["First", "Second, \"quoted\"", "Яблоко"])
        #expect(found.catalogue[0].categories.map(\.last) == ["Garden"])
        #expect(found.catalogue[1].categories.isEmpty && found.catalogue[1].attributes.isEmpty)
        if sample.format != .movielens {
            #expect(found.catalogue.items.map(\.brand) == ["Acme", nil, nil])
            #expect(found.catalogue[0].attributes == ["colour": ["red"]])
        }
        let said = try scratch.items("file", sample.text, format: sample.format)
        #expect(said.catalogue == found.catalogue)
        #expect(said.format == sample.format)
    }

    @Test("JSON Lines: every kind of value is kept as text")
    func jsonValues() throws {
        let item = try item(
            "items.jsonl",
            #"{"id":"a","title":["Two","parts"],"brand":null,"description":"\u00e9\ud83c\udf4e\n","year":1999,"#
                + #""price":5.25,"new":true,"none":null,"blank":" ","tags":["x",["y",null],7],"size":{"w":1,"h":[2,3]}}"#
        )
        #expect(
            item
                == Item(
                    id: "a", title: "Two parts", description: "é🍎\n",
                    attributes: [
                        "year": ["1999"], "price": ["5.25"], "new": ["true"], "tags": ["x", "y", "7"], "size.w": ["1"],
                        "size.h": ["2", "3"],
                    ]))
    }

    @Test(
        "JSON Lines: categories as a text, a list or a list of paths",
        arguments: [
            (#""A""#, [["A"]]), (#"["A","B"]"#, [["A"], ["B"]]), (#"[["A","B"],["C"]]"#, [["A", "B"], ["C"]]),
            ("null", []), ("[]", []), (#"[[],["A",""]]"#, [["A"]]), (#"[7]"#, [["7"]]),
        ])
    func jsonCategories(json: String, categories: [[String]]) throws {
        #expect(try item("items.jsonl", #"{"id":"a","categories":\#(json)}"#).categories == categories)
    }

    @Test("JSON Lines: a whole number is an identifier, written in digits")
    func numberIdentifiers() throws {
        #expect(try item("items.jsonl", #"{"id": 42}"#).id == "42")
        #expect(try item("items.jsonl", #"{"id": -9007199254740993}"#).id == "-9007199254740993")
        #expect(try item("items.jsonl", #"{"id": "007"}"#).id == "007")
    }

    @Test(
        "CSV: columns are known by several names, whatever their case and order",
        arguments: ["ITEM_ID", "asin", "movieId", "Product-ID", " id "])
    func columnNames(identifier: String) throws {
        let item = try item("items.csv", "Genre,\(identifier),Name\nX|Y > Z,7,A\n")
        #expect(item == Item(id: "7", title: "A", categories: [["X"], ["Y", "Z"]]))
    }

    @Test(
        "CSV: a cell of categories may be a list in the style of JSON or Python",
        arguments: [(#"[""A"",""B""]"#, [["A"], ["B"]]), ("[['A', 'B']]", [["A", "B"]]), ("[]", [])])
    func listCells(cell: String, categories: [[String]]) throws {
        #expect(try item("items.csv", "id,categories\na,\"\(cell)\"\n").categories == categories)
    }

    @Test("CSV: a column without a name is a row number and is left out")
    func rowNumbers() throws {
        #expect(try item("items.csv", ",id,title\n0,a,A\n") == Item(id: "a", title: "A"))
    }

    @Test("CSV: identifiers keep their spaces, a blank text is a missing one")
    func spaces() throws {
        #expect(try item("items.csv", "id,title,colour\n a b ,  , \n") == Item(id: " a b "))
    }

    @Test("TSV: quotes around a field are taken off, others stay")
    func tsvQuotes() throws {
        let file = try scratch.items("items.tsv", "id\ttitle\na\t\"A \"\"B\"\"\"\nb\t5\" nail\nc\t\"x\" y \"z\"\n")
        #expect(file.catalogue.items.map(\.title) == ["A \"B\"", "5\" nail", "\"x\" y \"z\""])
    }

    @Test("RecBole: sequences are split, embeddings left out")
    func recbole() throws {
        let item = try item(
            "x.item",
            "item_id:token\ttags:token_seq\tcategories:token_seq\tprice:float\tvector:float_seq\n"
                + "7\tred  blue\t'Hair Care', 'Women's'\t5.0\t1.0 2.0\n")
        #expect(
            item
                == Item(
                    id: "7", categories: [["Hair Care"], ["Women's"]],
                    attributes: ["tags": ["red", "blue"], "price": ["5.0"]]))
    }

    @Test("Amazon 2014: Python literals, with what derives from purchases left out")
    func amazon2014() throws {
        let item = try item(
            "meta_Beauty.json.gz",
            gzip(
                Array(
                    (#"{'asin': '0001', 'title': "Girl's \"A\" &amp; B", 'price': 3.17, 'imUrl': 'http://x/y.jpg', "#
                        + #"'related': {'also_bought': ['0002', '0003']}, 'salesRank': {'Beauty': 211836}, "#
                        + #"'categories': [['Beauty', 'Hair'], ['Gifts']], 'description': 'A\nB  C'}"# + "\n").utf8)))
        #expect(
            item
                == Item(
                    id: "0001", title: "Girl's \"A\" & B", description: "A B C",
                    categories: [["Beauty", "Hair"], ["Gifts"]], attributes: ["price": ["3.17"]]))
    }

    private func item(_ name: String, _ bytes: [UInt8]) throws -> Item {
        try ItemFile(reading: scratch.write(name, bytes)).catalogue[0]
    }

    @Test("Amazon 2018: the category is one path, entities are resolved once, white space is evened out")
    func amazon2018() throws {
        let item = try item(
            "meta.json",
            #"{"category": ["Sports &amp; Outdoors", "Golf"], "tech1": "", "description": ["One.", "", "Two."], "#
                + #""title": "A\n  &amp;lt; B", "also_buy": ["x"], "also_view": ["y"], "rank": ["1 in Golf"], "#
                + #""image": ["u"], "similar_item": "<table>", "brand": "Acme", "feature": ["Light", "Strong"], "#
                + #""main_cat": "Golf", "asin": "B00", "details": {"Weight:": "1 kg"}, "date": "", "price": "$5"}"#)
        #expect(
            item
                == Item(
                    id: "B00", title: "A &lt; B", brand: "Acme", description: "One. Two.",
                    categories: [["Sports & Outdoors", "Golf"]],
                    attributes: [
                        "feature": ["Light", "Strong"], "main_cat": ["Golf"], "details.Weight:": ["1 kg"],
                        "price": ["$5"],
                    ]))
    }

    @Test("MovieLens: lines that are not UTF-8 are read as ISO 8859-1, titles may hold the separator")
    func movielens() throws {
        let path = try scratch.write(
            "movies.dat", Array("1::Caf".utf8) + [0xE9] + Array(" (1995)::Drama|War\n2::Up::Down::Comedy\n".utf8))
        let file = try ItemFile(reading: path)
        #expect(file.format == .movielens)
        #expect(
            file.catalogue.items == [
                Item(id: "1", title: "Café (1995)", categories: [["Drama"], ["War"]]),
                Item(id: "2", title: "Up::Down", categories: [["Comedy"]]),
            ])
    }
}
