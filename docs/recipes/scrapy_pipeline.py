"""Clean the text of each item that a Scrapy spider yields: ``python scrapy_pipeline.py URL OUT.jsonl``."""

import sys

import scrapy
from itemadapter import ItemAdapter
from scrapy.crawler import CrawlerProcess

import cleaner


class CleanTextPipeline:
    """Cleans the field `text`; its title and URL help."""

    def __init__(self):
        self.cleaner = cleaner.Cleaner()

    def process_item(self, item, spider=None):
        fields = ItemAdapter(item)
        fields["text"] = self.cleaner.clean(fields["text"], title=fields.get("title"), url=fields.get("url"))
        return item


class PageSpider(scrapy.Spider):
    """Yields the paragraphs of a page, each on a line."""

    name = "page"

    def parse(self, response):
        paragraphs = [" ".join(each.xpath(".//text()").getall()) for each in response.xpath("//p")]
        yield {"url": response.url, "title": response.xpath("//h1/text()").get(), "text": "\n".join(paragraphs)}


def main(url: str, out: str) -> None:
    """Crawl one page. In a project of Scrapy, the setting ITEM_PIPELINES is all that you need."""
    process = CrawlerProcess({"ITEM_PIPELINES": {CleanTextPipeline: 300}, "FEEDS": {out: {"format": "jsonlines"}}})
    process.crawl(PageSpider, start_urls=[url])
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
