from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('public_check', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='KindName',
            fields=[
                ('code', models.CharField(max_length=50, primary_key=True, serialize=False)),
                ('name_nb', models.CharField(max_length=60)),
                ('name_nn', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=60)),
            ],
        ),
    ]
