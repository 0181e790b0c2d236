"""A collection inside LangChain chains of your own: `python examples/langchain_chain.py STORE`.

Two ways: the retriever gives passages to a prompt and a model of yours, and the whole question-answering
chain, which cites exact sentences and declines where the articles do not say, is one step among others.
The model is whatever RAG_LLM and RAG_LLM_URL name; without one the second way answers with quotations.
"""

import sys
from pathlib import Path

from langchain_core.documents import Document
from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough
from langchain_openai import ChatOpenAI

from rag import Abstention, Answer, Library, Settings

PROMPT = ChatPromptTemplate.from_template(
    "Answer in one sentence, from these passages only:\n\n{context}\n\nQuestion: {question}"
)


def context(documents: list[Document]) -> str:
    """Write passages as a prompt shows them; metadata says where each stands in its article."""
    return "\n\n".join(
        f"{one.metadata['title']} ({one.metadata['article']}, "
        f"characters {one.metadata['start']}–{one.metadata['end']}):\n{one.page_content}"
        for one in documents
    )


def passages_for_a_model(library: Library, model: BaseChatModel) -> Runnable[str, str]:
    """Return a chain of the usual kind: passages into a prompt, the prompt into a model."""
    retriever = library.as_retriever(k=4)
    return (
        {"context": retriever | context, "question": RunnablePassthrough()}
        | PROMPT
        | model
        | StrOutputParser()
    )


def footnotes(answer: Answer | Abstention) -> str:
    """Write an answer with the sentences behind its markers."""
    lines = [f"{one.marker} {one.source.title}: {one.quote}" for one in answer.citations]
    return "\n".join([answer.text, *lines])


def answers_as_a_step(library: Library) -> Runnable[dict[str, str], dict[str, str]]:
    """Return a chain whose input keeps its fields and gets the cited answer to its `question` beside them."""
    answer = RunnableLambda(lambda row: row["question"]) | library.chain | footnotes
    return RunnablePassthrough.assign(answer=answer)


def main(store: Path) -> None:
    settings = Settings(store=store)
    with Library.open(settings) as library:
        rows = [
            {"id": "1", "question": "Was forderte Putin bezüglich der NATO?"},
            {"id": "2", "question": "Where did Rubio and Lavrov meet?"},
        ]
        for row in answers_as_a_step(library).batch(rows):  # in threads: a library may be asked by many
            print(f"{row['id']}: {row['question']}\n{row['answer']}\n")
        if settings.llm_url:
            model = ChatOpenAI(model=settings.model_name() or "", base_url=settings.llm_url, api_key="none")
            print(passages_for_a_model(library, model).invoke(rows[0]["question"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
